"""Lines at the desks about the documents that answer calls while Standby is down."""

from __future__ import annotations

FALLBACK_LINES: dict[str, str] = {
    "fallback_nobody": "⚠️ If Standby is down, the emergency line calls nobody. Run standby doctor --voice-fallback and "
    "paste the new document.",
    "fallback_stranger": "⚠️ If Standby is down, the emergency line calls {text}, which is nobody's phone here. Run "
    "standby doctor --voice-fallback and paste the new document.",
    "fallback_first": "⚠️ If Standby is down, the emergency line calls the wrong phones first: it is the turn of {people}. "
    "Run standby doctor --voice-fallback and paste the new document.",
    "fallback_screen": "⚠️ If Standby is down, a voicemail could take a call to the emergency line: whoever picks up is not "
    "asked for a key. Run standby doctor --voice-fallback and paste the new document.",
    "fallback_away": "⚠️ What answers the emergency line if Standby is down can't be read: its server can't be reached. Run "
    "standby doctor.",
    "fallback_refused": "⚠️ What answers the emergency line if Standby is down can't be read: its server answers {text}. Run "
    "standby doctor.",
    "fallback_odd": "⚠️ What answers the emergency line if Standby is down is no document that a call can follow. Run "
    "standby doctor --voice-fallback and paste it again.",
    "fallback_right": "✅ If Standby is down, the emergency line calls the right phones again.",
}
