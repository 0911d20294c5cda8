"""Calendars in and out: schedules that are read from iCalendar, and on call as a calendar to subscribe to."""
