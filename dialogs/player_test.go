package dialogs_test

import (
	"strings"
	"testing"
	"time"

	"sachhon/dialogs"
)

// player talks with an engine and writes session and contact to bytes and
// reads them back at every step, as the running program does.
type player struct {
	t       testing.TB
	engine  *dialogs.Engine
	now     time.Time
	session []byte
	contact []byte
	events  []dialogs.Event // of the last turn
	said    []dialogs.Message
	act     func(dialogs.Wanted) dialogs.Outcome
}

func newPlayer(t testing.TB, engine *dialogs.Engine) *player {
	t.Helper()
	c := dialogs.Contact{ID: "c1", Lang: dialogs.Vietnamese}
	raw, err := c.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &player{t: t, engine: engine, now: noon, contact: raw}
}

func (p *player) say(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.turn(dialogs.Say(text))
	}
}

func (p *player) press(id string) {
	p.t.Helper()
	p.turn(dialogs.Press(id))
}

func (p *player) turn(in dialogs.Input) {
	p.t.Helper()
	s, c := p.load()
	p.events, p.said = nil, nil
	events := p.engine.Turn(&s, &c, in, p.now)
	for range 20 {
		p.events = append(p.events, events...)
		if len(events) == 0 {
			break
		}
		w, ok := events[len(events)-1].(dialogs.Wanted)
		if !ok {
			break
		}
		out := dialogs.Outcome{Result: "ok"}
		if p.act != nil {
			out = p.act(w)
		}
		p.save(&s, &c)
		s, c = p.load()
		events = p.engine.Resume(&s, &c, out, p.now)
	}
	for _, e := range p.events {
		switch e := e.(type) {
		case dialogs.Said:
			p.said = append(p.said, e.Message)
		case dialogs.Troubled:
			p.t.Errorf("content trouble at %s.%s: %s", e.Flow, e.Node, e.What)
		}
	}
	p.save(&s, &c)
}

func (p *player) load() (dialogs.Session, dialogs.Contact) {
	p.t.Helper()
	var s dialogs.Session
	var c dialogs.Contact
	if p.session != nil {
		if err := s.UnmarshalBinary(p.session); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := c.UnmarshalBinary(p.contact); err != nil {
		p.t.Fatal(err)
	}
	return s, c
}

func (p *player) save(s *dialogs.Session, c *dialogs.Contact) {
	p.t.Helper()
	var err error
	if p.session, err = s.AppendBinary(nil); err != nil {
		p.t.Fatal(err)
	}
	if p.contact, err = c.AppendBinary(nil); err != nil {
		p.t.Fatal(err)
	}
	var again dialogs.Session
	if err := again.UnmarshalBinary(p.session); err != nil {
		p.t.Fatal(err)
	}
	if twice, _ := again.AppendBinary(nil); string(twice) != string(p.session) {
		p.t.Fatal("the session changed by being written and read back")
	}
}

// text is everything said in the last turn.
func (p *player) text() string {
	var all []string
	for _, m := range p.said {
		all = append(all, m.Text)
	}
	return strings.Join(all, "\n")
}

func (p *player) sees(part string) {
	p.t.Helper()
	if !strings.Contains(p.text(), part) {
		p.t.Errorf("want %q among what was said:\n%s", part, p.text())
	}
}

func (p *player) seesNot(part string) {
	p.t.Helper()
	if strings.Contains(p.text(), part) {
		p.t.Errorf("want no %q among what was said:\n%s", part, p.text())
	}
}

// asks checks that the talk waits at the question and that it was put last.
func (p *player) asks(key string) {
	p.t.Helper()
	s, _ := p.load()
	if s.Talk.Node != key || s.Talk.State != dialogs.Asking {
		p.t.Errorf("the talk waits at %q in state %d, want the question %q; it said:\n%s", s.Talk.Node, s.Talk.State, key, p.text())
	}
}

func (p *player) keeps(want map[string]string) {
	p.t.Helper()
	s, _ := p.load()
	for key, text := range want {
		if got := s.Talk.Answer(key).Text; got != text {
			p.t.Errorf("the answer to %q is %q, want %q", key, got, text)
		}
	}
}

func (p *player) stored() string { return string(p.session) }

// button returns the ID of the button with this label.
func (p *player) button(label string) string {
	p.t.Helper()
	for _, m := range p.said {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Label == label {
					return b.ID
				}
			}
		}
	}
	p.t.Fatalf("no button %q under:\n%s", label, p.text())
	return ""
}

func (p *player) labels() []string {
	var labels []string
	for _, m := range p.said {
		for _, row := range m.Buttons {
			for _, b := range row {
				labels = append(labels, b.Label)
			}
		}
	}
	return labels
}
