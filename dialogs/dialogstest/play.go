package dialogstest

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"sachhon/dialogs"
)

// Driver is what a transcript is played against: the whole bot, or the bare
// engine ([NewEngine]).
type Driver interface {
	// Begin sets the clock and the language of newcomers, before all else.
	Begin(now time.Time, lang dialogs.Lang) error
	// Advance lets time pass and carries out what falls due.
	Advance(d time.Duration) error
	// AddClass opens a class with this very id.
	AddClass(c Class) error
	// Say plays one input of a person, named channel:name.
	Say(person string, in dialogs.Input) error
	// Heard returns what was told to a person since it was asked last, in order.
	Heard(person string) ([]dialogs.Message, error)
}

// Scripted is a driver that cannot know what the programme would do, so that
// the transcript has to say it.
type Scripted interface {
	Outcome(o Outcome) error
	Pushed(p Pushed) error
}

// firstPerson speaks until a transcript says otherwise.
const firstPerson = "web:an"

// Play plays a transcript. The diff is "" when everything went as written, else
// it says at which line what was written and what was said, and the playing
// stops there. An error is a fault of the driver, not of the conversation.
func Play(s *Script, d Driver) (diff string, err error) {
	p := player{script: s, driver: d, person: firstPerson, heard: map[string][]dialogs.Message{}, past: map[string][]dialogs.Message{}}
	now := s.Now
	if now.IsZero() {
		now = time.Date(2026, time.November, 24, 9, 0, 0, 0, zone)
	}
	if err := d.Begin(now, s.Lang); err != nil {
		return "", fmt.Errorf("play %s: %w", s.Name, err)
	}
	for _, step := range s.Steps {
		diff, err := p.step(step)
		if err != nil {
			return "", fmt.Errorf("play %s:%d: %w", s.Name, step.Line, err)
		}
		if diff != "" {
			return fmt.Sprintf("%s:%d: %s", s.Name, step.Line, diff), nil
		}
	}
	if diff, err = p.nothingLeft(); diff != "" {
		diff = fmt.Sprintf("%s: at the end: %s", s.Name, diff)
	}
	return diff, err
}

// player is a transcript being played.
type player struct {
	script *Script
	driver Driver
	person string
	heard  map[string][]dialogs.Message // not matched yet, by person
	past   map[string][]dialogs.Message // matched, whose buttons can be pressed
}

func (p *player) step(s Step) (diff string, err error) {
	switch {
	case s.As != nil:
		p.person = *s.As
	case s.Later != nil:
		return "", p.driver.Advance(*s.Later)
	case s.Class != nil:
		return "", p.driver.AddClass(*s.Class)
	case s.Outcome != nil:
		if d, ok := p.driver.(Scripted); ok {
			return "", d.Outcome(*s.Outcome)
		}
	case s.Pushed != nil:
		if d, ok := p.driver.(Scripted); ok {
			return "", d.Pushed(*s.Pushed)
		}
	case s.Say != nil:
		return p.say(*s.Say)
	case s.Expect != nil:
		return p.expect(*s.Expect)
	}
	return "", nil
}

// listen fetches what was said to the person meanwhile.
func (p *player) listen() error {
	list, err := p.driver.Heard(p.person)
	p.heard[p.person] = append(p.heard[p.person], list...)
	return err
}

// nothingLeft says what was said but is not written.
func (p *player) nothingLeft() (diff string, err error) {
	if err := p.listen(); err != nil || len(p.heard[p.person]) == 0 {
		return "", err
	}
	return "this was said, and is not written:\n" + show(p.heard[p.person][0]), nil
}

func (p *player) say(said Said) (diff string, err error) {
	if diff, err = p.nothingLeft(); diff != "" || err != nil {
		return diff, err
	}
	in := dialogs.Say(said.Text)
	switch {
	case said.Phone != "":
		in = dialogs.Input{Kind: dialogs.InputPhone, Text: said.Phone}
	case said.Press != "":
		id, ok := p.button(said.Press)
		if !ok {
			return "there is no button [" + said.Press + "] to press; the last message was:\n" + p.last(), nil
		}
		in = dialogs.Press(id)
	}
	return "", p.driver.Say(p.person, in)
}

// button finds the button with this label, the latest first.
func (p *player) button(label string) (id string, ok bool) {
	past := p.past[p.person]
	for i := len(past) - 1; i >= 0; i-- {
		for _, row := range past[i].Buttons {
			for _, b := range row {
				if b.Label == label && b.ID != "" {
					return b.ID, true
				}
			}
		}
	}
	return "", false
}

func (p *player) last() string {
	if past := p.past[p.person]; len(past) > 0 {
		return show(past[len(past)-1])
	}
	return "(none)"
}

func (p *player) expect(want Message) (diff string, err error) {
	if len(p.heard[p.person]) == 0 {
		if err := p.listen(); err != nil {
			return "", err
		}
	}
	if len(p.heard[p.person]) == 0 {
		return "this is written, and nothing was said:\n" + want.String(), nil
	}
	got := p.heard[p.person][0]
	p.heard[p.person] = p.heard[p.person][1:]
	p.past[p.person] = append(p.past[p.person], got)
	if want.matches(got) {
		return "", nil
	}
	return "written:\n" + want.String() + "\nsaid:\n" + show(got), nil
}

// matches says whether a message is as the transcript wants it.
func (m Message) matches(got dialogs.Message) bool {
	open := len(m.Buttons) == 0 && len(m.Lines) > 0 && m.Lines[len(m.Lines)-1] == "…"
	if open && len(m.Files) == 0 {
		return pattern(m.Lines...).MatchString(got.Text)
	}
	if len(m.Files) != len(got.Media) {
		return false
	}
	for i, name := range m.Files {
		if !pattern(name).MatchString(got.Media[i].Name) {
			return false
		}
	}
	return pattern(m.Lines...).MatchString(got.Text) && (open || m.buttonsMatch(got))
}

var hole = lazily(`\\\{[a-z_]+\\\}`)

// pattern turns written lines into a regular expression.
func pattern(lines ...string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`\A`)
	for i, line := range lines {
		if i > 0 && line != "…" {
			b.WriteString(`\n`)
		}
		if line == "…" {
			b.WriteString(`(?s:.*)`)
			continue
		}
		rest, open := strings.CutSuffix(line, "…")
		b.WriteString(hole().ReplaceAllString(regexp.QuoteMeta(rest), `\S+`))
		if open {
			b.WriteString(`.*`)
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// buttonsMatch compares the labels in order; those that only lead back need
// not be written.
func (m Message) buttonsMatch(got dialogs.Message) bool {
	want := m.Buttons
	for _, row := range got.Buttons {
		for _, b := range row {
			switch {
			case len(want) > 0 && want[0] == "…":
				return true
			case len(want) > 0 && want[0] == b.Label:
				want = want[1:]
			case !leadsBack(b):
				return false
			}
		}
	}
	return len(want) == 0 || want[0] == "…"
}

func leadsBack(b dialogs.Button) bool {
	return strings.HasSuffix(b.ID, ".~back") || strings.HasSuffix(b.ID, ".~cancel")
}

// String writes the message as in a transcript.
func (m Message) String() string {
	lines := append([]string{}, m.Lines...)
	for _, f := range m.Files {
		lines = append(lines, "📎 "+f)
	}
	if len(m.Buttons) > 0 {
		var row []string
		for _, b := range m.Buttons {
			if b != "…" {
				b = "[" + b + "]"
			}
			row = append(row, b)
		}
		lines = append(lines, strings.Join(row, " "))
	}
	return "< " + strings.Join(lines, "\n  ")
}

// show writes a message that was said as it would stand in a transcript.
func show(m dialogs.Message) string {
	w := Message{Lines: strings.Split(m.Text, "\n")}
	for _, f := range m.Media {
		w.Files = append(w.Files, f.Name)
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			w.Buttons = append(w.Buttons, b.Label)
		}
	}
	return w.String()
}

// lazily compiles a pattern when it is first used: what a start does not need,
// it does not wait for.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
