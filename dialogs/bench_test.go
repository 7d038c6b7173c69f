package dialogs_test

import (
	"fmt"
	"testing"
	"time"

	"sachhon/dialogs"
)

// BenchmarkTurn measures one turn of a ten-question questionnaire: the session
// is decoded, the engine takes an answer and asks the next question, and the
// session is encoded. It walks the questionnaire to its end and begins again.
func BenchmarkTurn(b *testing.B) {
	engine := newEngine(b, questionnaire(10))
	stored := make([][]byte, 0, 11)
	contact := &dialogs.Contact{ID: "c", Lang: dialogs.Vietnamese}
	var s dialogs.Session
	engine.Turn(&s, contact, dialogs.Say("/start check_x"), noon)
	for i := range 10 {
		raw, err := s.AppendBinary(nil)
		if err != nil {
			b.Fatal(err)
		}
		stored = append(stored, raw)
		if s.Talk.Node != fmt.Sprintf("question_%d", i) {
			b.Fatalf("after %d answers the talk waits at %q", i, s.Talk.Node)
		}
		engine.Turn(&s, contact, dialogs.Press(dialogs.ButtonID(s.Talk.Run, s.Talk.Node, "some")), noon)
	}
	full, err := s.AppendBinary(nil)
	if err != nil {
		b.Fatal(err)
	}
	if len(full) > 400 {
		b.Errorf("a session with ten answers takes %d bytes, more than 400", len(full))
	}
	inputs := make([]dialogs.Input, 10)
	for i := range inputs {
		inputs[i] = dialogs.Press(dialogs.ButtonID(1, fmt.Sprintf("question_%d", i), "some"))
	}
	out := make([]byte, 0, 1024)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		var s dialogs.Session
		if err := s.UnmarshalBinary(stored[i%10]); err != nil {
			b.Fatal(err)
		}
		events := engine.Turn(&s, contact, inputs[i%10], noon)
		if out, err = s.AppendBinary(out[:0]); err != nil || len(events) < 2 {
			b.Fatalf("%v, %d events", err, len(events))
		}
	}
	b.ReportMetric(float64(len(full)), "B/session")
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("+07", 7*3600))

// questionnaire is a flow of n questions on a scale, as a self-check asks them.
func questionnaire(n int) *dialogs.Flow {
	form := &dialogs.Node{Key: "answers", Kind: dialogs.FormNode}
	for i := range n {
		form.Form = append(form.Form, &dialogs.Node{
			Key: fmt.Sprintf("question_%d", i), Kind: dialogs.AskNode,
			Text: dialogs.Text{VI: "Xưởng có ghi điện, nước, nhiên liệu hằng tháng không?", EN: "Do you record power, water and fuel every month?"},
			Question: &dialogs.Question{Type: dialogs.TypeChoice, Unknown: true, NotApplicable: true, Choices: []dialogs.Choice{
				{Key: "none", Label: dialogs.Text{VI: "Chưa có", EN: "Not yet"}},
				{Key: "some", Label: dialogs.Text{VI: "Mới làm một phần", EN: "In part"}},
				{Key: "most", Label: dialogs.Text{VI: "Làm đều, chưa ghi chép", EN: "Regularly, not recorded"}},
				{Key: "full", Label: dialogs.Text{VI: "Làm đều, có ghi chép", EN: "Regularly and recorded"}},
			}},
		})
	}
	return &dialogs.Flow{Key: "check", Hash: 1, Title: dialogs.Text{VI: "Tự đánh giá", EN: "Self-check"},
		Nodes: []*dialogs.Node{form, {Key: "end", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Xong.", EN: "Done."}}}}
}
