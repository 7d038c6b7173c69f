package terminal

import (
	"sachhon/bot/channel"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

// remembered is how many entries are kept to find a button by its label; the
// buttons of older ones have scrolled away.
const remembered = 64

// transcript is what the terminal remembers of the conversation.
type transcript struct {
	entries []channel.Entry // the end of it, oldest first
	seen    uint64          // the highest number taken
}

// take adds entries and returns those that are new and not the person's own.
func (t *transcript) take(entries []channel.Entry) []channel.Entry {
	var fresh []channel.Entry
	for _, e := range entries {
		if e.Seq <= t.seen {
			continue
		}
		t.seen = e.Seq
		t.remember(e)
		if e.From != channel.FromPerson {
			fresh = append(fresh, e)
		}
	}
	return fresh
}

// said notes that the person did something, which settles the buttons above it
// even where the bot keeps no entry of it.
func (t *transcript) said(in dialogs.Input) {
	t.remember(channel.Entry{From: channel.FromPerson, Button: in.Button})
}

func (t *transcript) remember(e channel.Entry) {
	if len(t.entries) == remembered {
		t.entries = append(t.entries[:0], t.entries[1:]...)
	}
	t.entries = append(t.entries, e)
}

// live returns the buttons that can be pressed now and all that are
// remembered, both from the newest message to the oldest. Links are left out.
func (t *transcript) live() (now, all []dialogs.Button) {
	alive := channel.Live(t.entries)
	for i := len(t.entries) - 1; i >= 0; i-- {
		list := pressable(t.entries[i].Message)
		all = append(all, list...)
		if alive[i] {
			now = append(now, list...)
		}
	}
	return now, all
}

// isLive says whether the buttons of an entry can be pressed now.
func (t *transcript) isLive(seq uint64) bool {
	alive := channel.Live(t.entries)
	for i, e := range t.entries {
		if e.Seq == seq {
			return alive[i]
		}
	}
	return false
}

// byLabel finds the live button that says just these words, marks included.
func (t *transcript) byLabel(what string) (dialogs.Button, bool) {
	now, _ := t.live()
	return named(now, what)
}

// meant finds the button that a program names by its ID or label: a live one
// with these words, one with these words but for the marks, and last one that
// was answered before, since pressing it again is for the bot to judge.
func (t *transcript) meant(what string) (dialogs.Button, bool) {
	now, all := t.live()
	for _, b := range all {
		if b.ID == what {
			return b, true
		}
	}
	if b, ok := named(now, what); ok {
		return b, true
	}
	folded := answer.Fold(what)
	if b, ok := pick(now, func(label string) bool { return folded != "" && answer.Fold(label) == folded }); ok {
		return b, true
	}
	return named(all, what)
}

// named finds the button with this label, letter by letter or else word by
// word ("< 10" and "> 10" have the same words).
func named(from []dialogs.Button, what string) (dialogs.Button, bool) {
	if b, ok := pick(from, func(label string) bool { return label == what }); ok {
		return b, true
	}
	return pick(from, func(label string) bool { return what != "" && answer.Same(label, what) })
}

// pick returns the first button whose label fits, unless one with another
// label fits too.
func pick(from []dialogs.Button, fits func(label string) bool) (b dialogs.Button, ok bool) {
	for _, c := range from {
		switch {
		case !fits(c.Label):
		case !ok:
			b, ok = c, true
		case c.Label != b.Label:
			return dialogs.Button{}, false
		}
	}
	return b, ok
}

// pressable lists the buttons of a message but for its links.
func pressable(m dialogs.Message) []dialogs.Button {
	var list []dialogs.Button
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.ID != "" {
				list = append(list, b)
			}
		}
	}
	return list
}
