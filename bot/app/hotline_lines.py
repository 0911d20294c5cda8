"""What the team reads in the thread while somebody is on the line."""

HOTLINE_LINES = {
    "call_came": "☎️ *{name}* is on the emergency line.",
    "call_desk": "☎️ *{name}* calls the desk.",
    "call_number": "☎️ The caller can be called back on {text} (as they typed it).",
    "call_ringing": "☎️ Ringing {name}.",
    "call_ringing_passed": "☎️ {text} passes it on. Ringing {name}.",
    "call_ringing_next": "☎️ No answer from {text}. Ringing {name}.",
    "call_connected": "☎️ Connected {when}: *{name}* talks to {text}.",
    "call_nobody_next": "🔴 No answer from {text}, and nobody else to ring. The caller is asked for a message.",
    "call_nobody_passed": "🔴 {text} passes it on, and there is nobody else to ring. The caller is asked for a message.",
    "call_nobody": "🔴 There is nobody whose phone could ring. The caller is asked for a message.",
    "call_desk_nobody": "☎️ Nobody at the desk took the call.",
    "call_message": "☎️ {name} has left a message ({length}): {text}",
    "call_no_message": "☎️ {name} has left no message. Call them back, please.",
    "call_hung_up": "☎️ {name} has hung up. Call them back, please.",
    "call_hung_up_hidden": "☎️ {name} has hung up: nobody can call them back.",
    "call_no_message_hidden": "☎️ {name} has left no message: nobody can call them back.",
    "call_desk_nothing": "☎️ {caller} called the desk while it is closed, and hung up.",
    "call_crowd": "☎️ So many people are calling that callers whom nobody knows are asked to call again later.",
    "call_screened": "☎️ Too many calls from {caller}: for an hour they are not put through.",
    "call_nothing": "☎️ {caller} called, chose nothing and hung up.",
}
