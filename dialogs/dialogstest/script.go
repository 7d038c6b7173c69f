package dialogstest

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sachhon/dialogs"
)

// Script is one transcript, read and ready to be played.
type Script struct {
	Name  string
	Now   time.Time    // when it begins; zero: the driver's own choice
	Lang  dialogs.Lang // of people the bot never met; "" Vietnamese
	Steps []Step
}

// Step is one thing in a transcript. Exactly one of the pointers is set.
type Step struct {
	Line    int // in the file, from 1
	As      *string
	Later   *time.Duration
	Class   *Class
	Outcome *Outcome
	Pushed  *Pushed
	Say     *Said
	Expect  *Message
}

// Class is a class that is open for registration.
type Class struct {
	ID, Title, TitleEN, Venue, Content string
	Starts, Ends                       time.Time
	Seats, PerEnterprise               int
}

// Outcome is what an action of the programme comes to from here on.
type Outcome struct {
	Action, Result string
	Values         []dialogs.Answer
	Options        []dialogs.Option
	Media          []dialogs.Media
}

// Pushed is a message sent unasked.
type Pushed struct {
	Person, Key string
	Values      map[string]dialogs.Text
}

// Said is what a person does: one of the fields is set.
type Said struct{ Text, Press, Phone string }

// Message is one message as the transcript wants it.
type Message struct {
	Lines   []string
	Files   []string
	Buttons []string
}

// zone is Vietnam's, which has no summer time.
var zone = time.FixedZone("+07", 7*60*60)

// maxLine is the longest line of a transcript, in bytes.
const maxLine = 64 << 10

// Parse reads a transcript. The error names the line and what to write there.
func Parse(name string, r io.Reader) (*Script, error) {
	p := parser{script: &Script{Name: name}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		p.line++
		if err := p.read(strings.TrimRight(lines.Text(), " \t\r")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, p.line, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: read transcript: %w", name, p.line+1, err)
	}
	return p.script, nil
}

type parser struct {
	script *Script
	line   int
	open   *Message // the message that indented lines belong to
}

func (p *parser) add(s Step) {
	s.Line = p.line
	p.script.Steps = append(p.script.Steps, s)
}

func (p *parser) read(line string) error {
	switch {
	case !utf8.ValidString(line):
		return fmt.Errorf("this line is not UTF-8 text")
	case line == "" || strings.HasPrefix(line, "#"):
		p.open = nil
		return nil
	case strings.HasPrefix(line, "  "):
		if p.open == nil {
			return fmt.Errorf("an indented line belongs to a message of the bot: write “< …” above it")
		}
		return p.open.add(line[2:])
	}
	p.open = nil
	if text, ok := strings.CutPrefix(line, ">"); ok {
		return p.say(strings.TrimSpace(text))
	}
	if text, ok := strings.CutPrefix(line, "<"); ok {
		p.open = &Message{}
		p.add(Step{Expect: p.open})
		return p.open.add(strings.TrimSpace(text))
	}
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("start the line with “>”, “<”, two spaces, “#” or a word such as “later:”")
	}
	return p.scene(key, strings.TrimSpace(value))
}

var (
	pressed   = lazily(`^\[([^\[\]]+)\]$`)
	buttonRow = lazily(`^\[[^\[\]]+\](\s+(\[[^\[\]]+\]|…))*$`)
	button    = lazily(`\[([^\[\]]+)\]|…`)
)

func (p *parser) say(text string) error {
	if text == "" {
		return fmt.Errorf("write what the person says after “>”")
	}
	said := &Said{Text: text}
	if m := pressed().FindStringSubmatch(text); m != nil {
		said = &Said{Press: m[1]}
	} else if number, ok := strings.CutPrefix(text, "☎"); ok {
		said = &Said{Phone: strings.TrimSpace(number)}
		if said.Phone == "" {
			return fmt.Errorf("write the number after ☎")
		}
	}
	p.add(Step{Say: said})
	return nil
}

// add takes one more line of a message.
func (m *Message) add(line string) error {
	if buttonRow().MatchString(line) {
		for _, b := range button().FindAllStringSubmatch(line, -1) {
			if b[1] == "" {
				m.Buttons = append(m.Buttons, "…")
				continue
			}
			m.Buttons = append(m.Buttons, b[1])
		}
		return nil
	}
	if len(m.Buttons) > 0 {
		return fmt.Errorf("the buttons come last in a message")
	}
	if name, ok := strings.CutPrefix(line, "📎"); ok {
		m.Files = append(m.Files, strings.TrimSpace(name))
		return nil
	}
	m.Lines = append(m.Lines, line)
	return nil
}

// scene reads a line that sets the scene.
func (p *parser) scene(key, value string) (err error) {
	switch key {
	case "now":
		p.script.Now, err = when(value)
	case "lang":
		if value != "vi" && value != "en" {
			return fmt.Errorf("lang is vi or en, not %q", value)
		}
		p.script.Lang = dialogs.Lang(value)
	case "as":
		if ch, id, ok := strings.Cut(value, ":"); !ok || ch == "" || id == "" {
			return fmt.Errorf("write the person as channel:name, such as web:an")
		}
		p.add(Step{As: &value})
	case "later":
		d, err := length(value)
		if err != nil {
			return err
		}
		p.add(Step{Later: &d})
	case "class":
		return p.class(value)
	case "outcome":
		return p.outcome(value)
	case "pushed":
		return p.pushed(value)
	default:
		return fmt.Errorf("there is no line “%s:”; there are now, lang, as, later, class, outcome and pushed", key)
	}
	return err
}

func when(s string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02T15:04", s, zone)
	if err != nil {
		return t, fmt.Errorf("%q is not a time; write it like 2026-12-10T08:00", s)
	}
	return t, nil
}

// length reads 90m, 20h or 3d.
func length(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n < 10000 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is not a length of time; write it like 90m, 20h or 3d", s)
	}
	return d, nil
}
