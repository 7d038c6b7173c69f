package dialogstest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/dialogs"
)

// Engine plays transcripts against the bare engine: what actions come to is
// said by the transcript. At every step the session and the contact are
// written to bytes and read back, so that nothing lives on but what is stored.
type Engine struct {
	engine   *dialogs.Engine
	push     PushFunc
	now      time.Time
	lang     dialogs.Lang
	people   map[string]*person
	classes  map[string]Class
	outcomes map[string]Outcome
}

// PushFunc words the message that the bot would send unasked under a key, and
// the buttons a session keeps of it.
type PushFunc func(key string, lang dialogs.Lang, values map[string]dialogs.Text) (dialogs.Message, []dialogs.Option, error)

type person struct {
	session, contact []byte
	heard            []dialogs.Message
	waits            []dialogs.Waits
}

// NewEngine returns a driver of the bare engine. push may be nil where no
// transcript has a line “pushed:”.
func NewEngine(e *dialogs.Engine, push PushFunc) *Engine {
	return &Engine{engine: e, push: push, people: map[string]*person{}, classes: map[string]Class{}, outcomes: map[string]Outcome{}}
}

var (
	_ Driver   = (*Engine)(nil)
	_ Scripted = (*Engine)(nil)
)

// Begin sets the clock and the language of newcomers.
func (d *Engine) Begin(now time.Time, lang dialogs.Lang) error {
	d.now, d.lang = now, lang
	return nil
}

// AddClass keeps a class for the values of outcomes.
func (d *Engine) AddClass(c Class) error {
	d.classes[c.ID] = c
	return nil
}

// Outcome sets what an action comes to from now on.
func (d *Engine) Outcome(o Outcome) error {
	d.outcomes[o.Action] = o
	return nil
}

// Advance lets time pass and wakes the talks that asked for it.
func (d *Engine) Advance(by time.Duration) error {
	end := d.now.Add(by)
	for {
		who, at := d.nextWait(end)
		if who == "" {
			d.now = end
			return nil
		}
		p := d.people[who]
		w := p.waits[at]
		p.waits = slices.Delete(p.waits, at, at+1)
		if w.Until.After(d.now) {
			d.now = w.Until
		}
		if err := d.Say(who, w.WakeInput()); err != nil {
			return err
		}
	}
}

// nextWait finds the earliest thing that falls due by end.
func (d *Engine) nextWait(end time.Time) (who string, at int) {
	var first time.Time
	for name, p := range d.people {
		for i, w := range p.waits {
			if !w.Until.After(end) && (who == "" || w.Until.Before(first) || w.Until.Equal(first) && name < who) {
				who, at, first = name, i, w.Until
			}
		}
	}
	return who, at
}

// Heard returns what was told to a person since it was asked last.
func (d *Engine) Heard(name string) ([]dialogs.Message, error) {
	p := d.people[name]
	if p == nil {
		return nil, nil
	}
	list := p.heard
	p.heard = nil
	return list, nil
}

// Say plays one turn, with the actions it wants.
func (d *Engine) Say(name string, in dialogs.Input) error {
	p, err := d.person(name)
	if err != nil {
		return err
	}
	return d.turn(p, func(s *dialogs.Session, c *dialogs.Contact) []dialogs.Event {
		return d.engine.Turn(s, c, in, d.now)
	})
}

func (d *Engine) person(name string) (*person, error) {
	if p := d.people[name]; p != nil {
		return p, nil
	}
	c := dialogs.Contact{ID: name, Lang: d.lang, Addresses: []string{name}, Created: d.now}
	p := &person{}
	d.people[name] = p
	return p, p.store(&dialogs.Session{}, &c)
}

func (d *Engine) turn(p *person, step func(*dialogs.Session, *dialogs.Contact) []dialogs.Event) error {
	for range 12 {
		s, c, err := p.load()
		if err != nil {
			return err
		}
		wanted, err := p.note(step(s, c))
		if err != nil {
			return err
		}
		if err := p.store(s, c); err != nil {
			return err
		}
		if wanted == nil {
			return nil
		}
		out, err := d.act(wanted)
		if err != nil {
			return err
		}
		step = func(s *dialogs.Session, c *dialogs.Contact) []dialogs.Event {
			return d.engine.Resume(s, c, out, d.now)
		}
	}
	return fmt.Errorf("play turn: more than 12 actions in one turn")
}

// note keeps what was said and what is to be woken.
func (p *person) note(events []dialogs.Event) (*dialogs.Wanted, error) {
	var wanted *dialogs.Wanted
	for _, e := range events {
		switch e := e.(type) {
		case dialogs.Said:
			p.heard = append(p.heard, e.Message)
		case dialogs.Waits:
			p.waits = append(p.waits, e)
		case dialogs.Wanted:
			wanted = &e
		case dialogs.Troubled:
			return nil, fmt.Errorf("play turn: trouble at %s.%s: %s", e.Flow, e.Node, e.What)
		}
	}
	return wanted, nil
}

// load reads the person's session and contact.
func (p *person) load() (*dialogs.Session, *dialogs.Contact, error) {
	s, c := &dialogs.Session{}, &dialogs.Contact{}
	if err := s.UnmarshalBinary(p.session); err != nil {
		return nil, nil, err
	}
	return s, c, c.UnmarshalBinary(p.contact)
}

// store writes the session and the contact, and fails when reading them back
// gives anything else.
func (p *person) store(s *dialogs.Session, c *dialogs.Contact) (err error) {
	if p.session, err = s.AppendBinary(nil); err != nil {
		return err
	}
	if p.contact, err = c.AppendBinary(nil); err != nil {
		return err
	}
	s2, c2, err := p.load()
	if err != nil {
		return err
	}
	sessionAgain, err := s2.AppendBinary(nil)
	if err != nil {
		return err
	}
	contactAgain, err := c2.AppendBinary(nil)
	if err != nil {
		return err
	}
	if !bytes.Equal(p.session, sessionAgain) || !bytes.Equal(p.contact, contactAgain) {
		return fmt.Errorf("store person: what is read back differs from what was written")
	}
	return nil
}

// act returns what the transcript says an action comes to.
func (d *Engine) act(w *dialogs.Wanted) (dialogs.Outcome, error) {
	o, ok := d.outcomes[w.Action]
	if !ok {
		return dialogs.Outcome{}, fmt.Errorf("act %s at %s.%s: write a line “outcome: %s = …”", w.Action, w.Flow, w.Node, w.Action)
	}
	out := dialogs.Outcome{Result: o.Result, Options: o.Options, Media: o.Media}
	for _, v := range o.Values {
		if c, ok := d.classes[v.Value.Text]; ok && v.Node == "class" {
			out.Values = append(out.Values, d.describe(c)...)
		}
		out.Values = append(out.Values, v)
	}
	return out, nil
}

// describe words a class as the programme does.
func (d *Engine) describe(c Class) []dialogs.Answer {
	words := func(key, n string) dialogs.Value {
		t := d.engine.Library().Text(key)
		return dialogs.BothOf(strings.ReplaceAll(t.VI, "{n}", n), strings.ReplaceAll(t.EN, "{n}", n))
	}
	var content dialogs.Value // none clears that of another class
	if c.Content != "" {
		content = dialogs.TextOf(c.Content)
	}
	return []dialogs.Answer{
		{Node: "class_title", Value: dialogs.BothOf(c.Title, c.TitleEN)},
		{Node: "class_when", Value: dialogs.BothOf(span(c, dialogs.Vietnamese), span(c, dialogs.English))},
		{Node: "class_venue", Value: dialogs.TextOf(c.Venue)},
		{Node: "class_content", Value: content},
		{Node: "class_seats_left", Value: words(seatsKey(c.Seats), strconv.Itoa(c.Seats))},
	}
}

func seatsKey(n int) string {
	if n == 1 {
		return "class.seats.one"
	}
	return "class.seats.left"
}

// span words when a class of one session is.
func span(c Class, lang dialogs.Lang) string {
	dash := "–"
	if lang == dialogs.English {
		dash = " – "
	}
	return dialogs.ShowDay(c.Starts, lang) + ", " + dialogs.ShowClock(c.Starts, lang) + dash + dialogs.ShowClock(c.Ends, lang)
}

// Pushed sends a message unasked, with the buttons that can be typed too.
func (d *Engine) Pushed(push Pushed) error {
	if d.push == nil {
		return fmt.Errorf("push %s: this driver has no pushes", push.Key)
	}
	p, err := d.person(push.Person)
	if err != nil {
		return err
	}
	s, c, err := p.load()
	if err != nil {
		return err
	}
	m, offers, err := d.push(push.Key, c.Speaks(), push.Values)
	if err != nil {
		return fmt.Errorf("push %s: %w", push.Key, err)
	}
	p.heard = append(p.heard, m)
	s.Offers = offers
	return p.store(s, c)
}
