package channel

import (
	"time"

	"sachhon/dialogs"
)

// Author says who spoke.
type Author uint8

// The authors of entries in a transcript.
const (
	FromPerson Author = iota
	FromBot
	FromStaff
)

// Entry is one line of a conversation as it is kept: what a person said or
// pressed, or one message of the bot.
type Entry struct {
	Seq  uint64 // 1, 2, 3, … within one address; never reused
	At   time.Time
	From Author
	// Message is what was said. For a person it has only Text (what was typed,
	// or the label pressed) and Media.
	Message dialogs.Message
	// Button is the ID a person pressed; empty when they typed.
	Button string
	// Push marks a message of the bot that answers nothing (a reminder, an
	// offer): its buttons stay live after other things were said.
	Push bool
}

// Live reports for each entry whether its buttons can still be pressed: those
// under messages after the person's last word, and those of pushed messages
// that the person has not pressed yet.
func Live(entries []Entry) []bool {
	live := make([]bool, len(entries))
	pressed := map[string]bool{}
	answered := false
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.From == FromPerson {
			answered = true
			if e.Button != "" {
				pressed[e.Button] = true
			}
			continue
		}
		live[i] = len(e.Message.Buttons) > 0 && (!answered || e.Push && !anyPressed(e.Message, pressed))
	}
	return live
}

func anyPressed(m dialogs.Message, pressed map[string]bool) bool {
	for _, row := range m.Buttons {
		for _, b := range row {
			if pressed[b.ID] {
				return true
			}
		}
	}
	return false
}
