package telegram_test

import (
	"strings"
	"testing"
	"time"

	"sachhon/content"
	"sachhon/dialogs"
)

// What the channel makes of a press it cannot read, the engine answers as a
// button of an earlier question, whatever is going on.
func TestEngineAnswersAnUnreadablePressKindly(t *testing.T) {
	b, to := newBench(), &inbox{}
	b.press(t, to, 10, "forged")
	press := to.all()[0].Input

	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	engine := dialogs.NewEngine(set.Library)
	var s dialogs.Session
	c := dialogs.Contact{ID: "c1", Lang: dialogs.Vietnamese}
	now := time.Unix(1790000000, 0)
	want := set.Library.Text("button.old").VI
	for _, before := range []string{"", "/start", "/menu", "/dangky", "/hoi", "/huy"} {
		if before != "" {
			engine.Turn(&s, &c, dialogs.Say(before), now)
		}
		said := ""
		for _, e := range engine.Turn(&s, &c, press, now) {
			if m, ok := e.(dialogs.Said); ok {
				said += m.Message.Text + "\n"
			}
		}
		if !strings.Contains(said, want) {
			t.Errorf("after %q the bot says\n%s, want %q in it", before, said, want)
		}
	}
}
