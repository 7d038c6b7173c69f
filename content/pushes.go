package content

import (
	"io/fs"
	"slices"
	"strings"

	"sachhon/dialogs"
)

// Push is a message the bot sends by itself.
type Push struct {
	Key     string
	Text    dialogs.Text
	Buttons []PushButton
}

// PushButton is a button under a push; it runs a command.
type PushButton struct {
	Label   dialogs.Text
	Command string // may hold {placeholders}
}

var noticeValues = []string{"class_title", "class_when", "class_venue", "registration", "code", "attendee"}

// pushValues are the pushes there are, with the values each is given. code is
// the registration without its dash; class_was what the class was like before
// it moved.
var pushValues = map[string][]string{
	"offered":         append([]string{"hold_until"}, noticeValues...),
	"offer_expired":   noticeValues,
	"moved_up":        append([]string{"position"}, noticeValues...),
	"class_moved":     append([]string{"class_was"}, noticeValues...),
	"class_cancelled": noticeValues,
	"reminder_3d":     noticeValues,
	"reminder_1d":     noticeValues,
	"reminder_2h":     noticeValues,
	"class_feedback":  noticeValues,
	"class_follow_up": noticeValues,
	"weekly_tip":      {"tip", "tip_title", "tip_gist", "tip_why", "tip_steps", "tip_safety", "tip_source"},
	"weekly_done":     {"weekly_sector"},
	"answered":        {"answer"},
	"check_followup":  {"assessment", "check_date", "check_actions"},
	"check_again":     {"assessment", "check_date", "check_band", "check_sector"},
}

// Message words the push in a language. A line of the text whose only
// placeholders have no value is left out.
func (p Push) Message(lang dialogs.Lang, values map[string]dialogs.Text) dialogs.Message {
	m := dialogs.Message{Text: fill(p.Text.In(lang), lang, values)}
	if strings.Contains(m.Text, "**") {
		m.Format = dialogs.Marked
	}
	for _, b := range p.Buttons {
		m.Buttons = append(m.Buttons, []dialogs.Button{{ID: fill(b.Command, lang, values), Label: b.Label.In(lang)}})
	}
	return m
}

// Offers are the push's buttons as the session keeps them, so that their
// labels can be typed too.
func (p Push) Offers(values map[string]dialogs.Text) []dialogs.Option {
	var list []dialogs.Option
	for _, b := range p.Buttons {
		list = append(list, dialogs.Option{Key: fill(b.Command, dialogs.Vietnamese, values), Label: b.Label})
	}
	return list
}

// fill puts values for placeholders. Marks of strong text in a value are taken
// out: it may hold words that a person wrote.
func fill(text string, lang dialogs.Lang, values map[string]dialogs.Text) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		holes, filled := placeholders(line), 0
		for _, name := range holes {
			v := strings.ReplaceAll(values[name].In(lang), "**", "")
			if v != "" {
				filled++
			}
			line = strings.ReplaceAll(line, "{"+name+"}", v)
		}
		if len(holes) == 0 || filled > 0 {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// placeholders lists the names in braces of a text, in order.
func placeholders(text string) []string {
	var names []string
	for {
		from := strings.IndexByte(text, '{')
		if from < 0 {
			return names
		}
		n := strings.IndexByte(text[from:], '}')
		if n < 0 {
			return names
		}
		names = append(names, text[from+1:from+n])
		text = text[from+n+1:]
	}
}

// readPushes reads pushes.yaml.
func readPushes(fsys fs.FS) (*page, map[string]Push) {
	p, root := readPage(fsys, "pushes.yaml")
	if root == nil {
		return p, nil
	}
	known := make([]string, 0, len(pushValues))
	for key := range pushValues {
		known = append(known, key)
	}
	slices.Sort(known)
	pushes := map[string]Push{}
	for _, n := range p.fields(root, "pushes.yaml", "pushes").items("pushes") {
		d := p.fields(n, "a push", "key", "text", "buttons")
		push := Push{Key: d.key("key")}
		if !slices.Contains(known, push.Key) {
			p.unknown(n, push.Key, "the bot", known)
			continue
		}
		push.Text = d.text("text", worded{key: push.Key})
		for _, b := range d.items("buttons") {
			one := p.fields(b, "a button", "label", "command")
			push.Buttons = append(push.Buttons, PushButton{one.text("label", worded{role: label, key: push.Key}), one.str("command")})
			if !strings.HasPrefix(one.str("command"), "/") {
				p.note(one.place("command"), Error, "“"+one.str("command")+"” is not a command", "write it with its slash, such as /menu")
			}
		}
		pushes[push.Key] = push
	}
	for _, key := range known {
		if _, ok := pushes[key]; !ok {
			p.note(place{}, Error, "the push “"+key+"” is missing", "add it, in both languages")
		}
	}
	return p, pushes
}
