package channel

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sachhon/dialogs"
)

// Fit degrades a message to what a network can show and take, and returns the
// messages to send in its place, in order; there is always at least one.
//
// Nothing a person needs is lost: marks the network cannot show are taken away,
// buttons it has no room for become lines of the text ("3. Xem lớp", "Bản đồ:
// https://…"), pictures and files it cannot carry become a line that names
// them, and a text that is too long becomes several, cut at paragraphs,
// sentences or words. Buttons and media go with the last part. Labels longer
// than the network allows are cut with "…". Buttons that share the person's
// number are left out where the network cannot do that.
//
// A choice is numbered by its place among the message's choices, whether the
// ones before it became buttons or lines: that is the number by which the
// engine knows it. Where a number would be taken for the answer itself (a
// question for a phone number, a quantity, …) choices are listed with "•".
//
// Where the network takes one picture or file a message, with a short text at
// most, the others become messages of their own before it.
//
// Fit changes neither m nor anything m points to.
func Fit(m dialogs.Message, caps Capabilities, lang dialogs.Lang) []dialogs.Message {
	if fits(&m, &caps) {
		return []dialogs.Message{m}
	}
	if !caps.Marked {
		m = Plain(m)
	}
	f := fitting{m: m, caps: caps, lang: lang}
	f.media()
	f.buttons()
	return f.parts()
}

// Plain returns m with its marks taken away and Format [dialogs.Plain], for
// networks that show none or refused them. A mark that is never closed is not
// a mark and stays.
func Plain(m dialogs.Message) dialogs.Message {
	if m.Format == dialogs.Marked {
		m.Text = strings.Join(segments(m.Text), "")
		m.Format = dialogs.Plain
	}
	return m
}

// fits says whether the network can take m as it is; this is the usual case
// and costs no allocation.
func fits(m *dialogs.Message, caps *Capabilities) bool {
	if caps.Text > 0 && len(m.Text) > caps.Text && utf8.RuneCountInString(m.Text) > caps.Text {
		return false
	}
	if m.Format == dialogs.Marked && !caps.Marked {
		return false
	}
	for i := range m.Media {
		if !caps.carries(&m.Media[i]) {
			return false
		}
	}
	if !caps.together(m) {
		return false
	}
	n := 0
	for _, row := range m.Buttons {
		for i := range row {
			if n++; n > caps.Buttons || row[i].SharePhone && !caps.SharePhone || !caps.shows(row[i].Label) {
				return false
			}
		}
	}
	return true
}

func (c *Capabilities) carries(m *dialogs.Media) bool {
	if m.Kind == dialogs.Image {
		return c.Pictures
	}
	return c.Files
}

// together says whether the files of m can go with its text in one message.
func (c *Capabilities) together(m *dialogs.Message) bool {
	if c.Caption <= 0 || len(m.Media) == 0 {
		return true
	}
	return len(m.Media) == 1 && !m.SharesPhone() && (len(m.Text) <= c.Caption || utf8.RuneCountInString(m.Text) <= c.Caption)
}

func (c *Capabilities) shows(label string) bool {
	return c.Label <= 0 || len(label) <= c.Label || utf8.RuneCountInString(label) <= c.Label
}

// fitting is one message on its way through Fit.
type fitting struct {
	m     dialogs.Message
	caps  Capabilities
	lang  dialogs.Lang
	lines []string // what is added below the text
}

// media keeps what the network carries and names the rest in a line each.
func (f *fitting) media() {
	var kept []dialogs.Media
	for _, m := range f.m.Media {
		if f.caps.carries(&m) {
			kept = append(kept, m)
			continue
		}
		line := "(" + m.Name + ")"
		if m.Alt != "" {
			line = "[" + m.Alt + "] " + line
		}
		f.lines = append(f.lines, f.clean(line))
	}
	f.m.Media = kept
}

// buttons keeps as many as the network shows and lists the rest.
func (f *fitting) buttons() {
	var kept [][]dialogs.Button
	var links, choices []string
	n, place := 0, 0
	for _, row := range f.m.Buttons {
		var left []dialogs.Button
		for _, b := range row {
			if b.URL == "" {
				place++
			}
			switch {
			case n < f.caps.Buttons && (!b.SharePhone || f.caps.SharePhone):
				n++
				b.Label = short(b.Label, f.caps.Label)
				left = append(left, b)
			case b.SharePhone: // nothing that is typed can take its place
			case b.URL != "":
				links = append(links, f.clean(b.Label)+": "+b.URL)
			default:
				choices = append(choices, f.choice(b, place))
			}
		}
		if len(left) > 0 {
			kept = append(kept, left)
		}
	}
	f.m.Buttons = kept
	f.lines = append(f.lines, links...)
	if len(choices) > 0 {
		f.lines = append(append(f.lines, f.lead(n > 0)), choices...)
	}
}

// numbered says whether a number typed in answer is understood as a choice.
func (f *fitting) numbered() bool {
	return f.m.Hint == dialogs.HintChoice || f.m.Hint == dialogs.HintNone
}

func (f *fitting) choice(b dialogs.Button, place int) string {
	line := "• "
	if f.numbered() {
		line = strconv.Itoa(place) + ". "
	}
	line += f.clean(b.Label)
	if b.On {
		line += " ✓"
	}
	return line
}

// lead is the line above the listed choices; some says whether others became
// buttons.
func (f *fitting) lead(some bool) string {
	switch {
	case !f.numbered():
		return dialogs.Text{VI: "Hoặc viết:", EN: "Or write:"}.In(f.lang)
	case some:
		return dialogs.Text{VI: "Hoặc trả lời bằng số:", EN: "Or reply with a number:"}.In(f.lang)
	default:
		return dialogs.Text{VI: "Trả lời bằng số:", EN: "Reply with a number:"}.In(f.lang)
	}
}

// clean keeps words that are added to a marked text from being read as marks.
func (f *fitting) clean(s string) string {
	if f.m.Format == dialogs.Marked {
		return strings.ReplaceAll(s, "**", "")
	}
	return s
}

// parts puts the added lines below the text and cuts it to length.
func (f *fitting) parts() []dialogs.Message {
	if len(f.lines) > 0 {
		if f.m.Text != "" {
			f.lines = append([]string{f.m.Text}, f.lines...)
		}
		f.m.Text = strings.Join(f.lines, "\n")
	}
	return f.apart(split(f.m, f.caps.Text))
}

// apart gives pictures and files messages of their own where the network takes
// one at a time. They go before the text they belong to, so that the buttons
// stay at the end, next to the thumb.
func (f *fitting) apart(parts []dialogs.Message) []dialogs.Message {
	last := parts[len(parts)-1]
	if f.caps.together(&last) {
		return parts
	}
	out := make([]dialogs.Message, 0, len(parts)+len(last.Media))
	out = append(out, parts[:len(parts)-1]...)
	for _, m := range last.Media {
		out = append(out, dialogs.Message{Media: []dialogs.Media{m}})
	}
	if last.Media = nil; last.Text == "" && last.Buttons == nil {
		return out
	}
	return append(out, last)
}

// short cuts a label to at most limit runes, the last of which is then "…".
func short(label string, limit int) string {
	if limit <= 0 || utf8.RuneCountInString(label) <= limit {
		return label
	}
	runes := []rune(label)
	end := limit - 1
	for end > 0 && joined(runes, end) {
		end--
	}
	return strings.TrimRight(string(runes[:end]), " ") + "…"
}
