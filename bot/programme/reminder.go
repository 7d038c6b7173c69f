package programme

import "time"

// Reminder is a moment at which a person with a seat is reminded of the class.
type Reminder struct {
	Key string // "-3d", "-1d", "-2h"
	At  time.Time
	// Until is when the reminder would no longer be true ("tomorrow", "in two
	// hours"): one that could not be sent by then is left out.
	Until time.Time
}

// reminders are how long before the start people are reminded, and for how long
// each stays true. A class at 8:00 on Thursday is still "tomorrow" six hours
// into Wednesday's reminder, whatever the hour of the class up to 18:00.
var reminders = [...]struct {
	key           string
	before, holds time.Duration
}{
	{"-3d", 72 * time.Hour, 12 * time.Hour},
	{"-1d", 24 * time.Hour, 6 * time.Hour},
	{"-2h", 2 * time.Hour, time.Hour},
}

// Reminders returns the reminders of the class that are still to come, the
// first one first.
func Reminders(c *Class, now time.Time) []Reminder {
	var out []Reminder
	for _, r := range reminders {
		at := c.Starts().Add(-r.before)
		if c.State != StateCancelled && at.After(now) {
			out = append(out, Reminder{Key: r.key, At: at, Until: at.Add(r.holds)})
		}
	}
	return out
}

// ReminderKeys returns the keys of all reminders there are, so that those of a
// registration can be taken out of a table.
func ReminderKeys() []string {
	keys := make([]string, len(reminders))
	for i, r := range reminders {
		keys[i] = r.key
	}
	return keys
}
