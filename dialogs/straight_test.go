package dialogs_test

import (
	"strings"
	"testing"
	"time"

	"sachhon/dialogs"
)

// longCheck is a straight form of three questions in a talk that keeps.
func longCheck() *dialogs.Flow {
	f := questionnaire(3)
	f.Keeps = true
	f.Nodes[0].Straight = true
	f.Nodes[1] = &dialogs.Node{Key: "figures", Kind: dialogs.AskNode, Text: dialogs.Text{VI: "Số liệu?"}, Question: &dialogs.Question{Type: dialogs.TypeText}}
	return f
}

func TestStraightFormGoesOnWithoutASummary(t *testing.T) {
	engine := newEngine(t, longCheck())
	s, c := &dialogs.Session{}, &dialogs.Contact{ID: "c", Lang: dialogs.Vietnamese}
	engine.Turn(s, c, dialogs.Say("/start check_x"), noon)
	for range 3 {
		press(t, engine, s, c, "some", noon)
	}
	if s.Talk.Node != "figures" || s.Talk.Answer("answers").Text != "confirmed" {
		t.Fatalf("after the last question it waits at %q", s.Talk.Node)
	}
	engine.Turn(s, c, dialogs.Say("/quaylai"), noon)
	if s.Talk.Node != "question_2" {
		t.Errorf("back leads to %q", s.Talk.Node)
	}
	press(t, engine, s, c, "full", noon)
	if s.Talk.Node != "figures" || s.Talk.Answer("question_2").Text != "full" {
		t.Errorf("the changed answer leads to %q", s.Talk.Node)
	}
}

func press(t *testing.T, engine *dialogs.Engine, s *dialogs.Session, c *dialogs.Contact, choice string, now time.Time) []dialogs.Event {
	t.Helper()
	return engine.Turn(s, c, dialogs.Press(dialogs.ButtonID(s.Talk.Run, s.Talk.Node, choice)), now)
}

func spoken(events []dialogs.Event) string {
	var all []string
	for _, e := range events {
		if m, ok := e.(dialogs.Said); ok {
			all = append(all, m.Message.Text)
		}
	}
	return strings.Join(all, "\n")
}

// TestLeavingATalkThatKeeps leaves it twice: it is there again by its own
// command and by the link it came through, until the person ends it for good.
func TestLeavingATalkThatKeeps(t *testing.T) {
	engine := newEngine(t, longCheck())
	s, c := &dialogs.Session{}, &dialogs.Contact{ID: "c", Lang: dialogs.Vietnamese}
	engine.Turn(s, c, dialogs.Say("/start check_x"), noon)
	press(t, engine, s, c, "some", noon)
	for _, again := range []string{"/start check_x", "/vao"} {
		if said := spoken(engine.Turn(s, c, dialogs.Say("/huy"), noon)); !s.Idle() || len(s.Parked) != 1 || !strings.Contains(said, "paused") {
			t.Fatalf("left: %+v, said %q", s, said)
		}
		engine.Turn(s, c, dialogs.Say(again), noon.Add(72*time.Hour))
		if s.Talk.State != dialogs.Returning || s.Talk.Node != "question_1" || len(s.Parked) != 0 || s.Talk.Answer("question_0").Text != "some" {
			t.Fatalf("%s: %+v", again, s.Talk)
		}
		press(t, engine, s, c, "~go", noon.Add(72*time.Hour))
	}
	engine.Turn(s, c, dialogs.Say("/vao"), noon.Add(72*time.Hour))
	press(t, engine, s, c, "~cancel", noon.Add(72*time.Hour))
	if !s.Idle() || len(s.Parked) != 0 {
		t.Errorf("ended for good: %+v", s)
	}
}

// TestAnotherLinkIsAnotherTalk: the link of another sector does not take the
// answers of this one up.
func TestAnotherLinkIsAnotherTalk(t *testing.T) {
	engine := newEngine(t, longCheck())
	s, c := &dialogs.Session{}, &dialogs.Contact{ID: "c", Lang: dialogs.Vietnamese}
	engine.Turn(s, c, dialogs.Say("/start check_x"), noon)
	press(t, engine, s, c, "some", noon)
	engine.Turn(s, c, dialogs.Say("/start check_y"), noon)
	if s.Talk.Node != "question_0" || len(s.Parked) != 1 || s.Talk.Answer("question_0").Given() {
		t.Errorf("%+v", s)
	}
}
