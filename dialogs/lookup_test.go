package dialogs_test

import (
	"testing"

	"sachhon/dialogs"
)

// searchFlow says what it was given to look for.
func searchFlow() *dialogs.Flow {
	return &dialogs.Flow{Key: "answers", Hash: 21, Transient: true, Title: dialogs.Text{VI: "Tìm", EN: "Find"}, Nodes: []*dialogs.Node{{
		Key: "found", Kind: dialogs.AskNode, Text: dialogs.Text{VI: "Tìm <{words}>", EN: "Find <{words}>"},
		Question: &dialogs.Question{Type: dialogs.TypeChoice, Choices: []dialogs.Choice{{Key: "menu", Label: dialogs.Text{VI: "Về menu", EN: "To the menu"}, Next: "/menu"}}},
	}}}
}

// thanksFlow answers small talk.
func thanksFlow() *dialogs.Flow {
	return &dialogs.Flow{Key: "thanks", Hash: 22, Transient: true, Title: dialogs.Text{VI: "Cảm ơn", EN: "Thanks"}, Nodes: []*dialogs.Node{{
		Key: "welcome", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Không có gì ạ.", EN: "You're welcome."},
	}}}
}

func newSearching(t *testing.T) *player {
	c := testContent(searchFlow(), thanksFlow(), registration())
	c.Commands = append(c.Commands,
		dialogs.Command{Key: "search", Names: []string{"tim"}, Words: []string{"tìm"}, Flow: "answers", Into: "words", Label: dialogs.Text{VI: "Tìm", EN: "Find"}},
		dialogs.Command{Key: "thanks", Names: []string{"camon"}, Idle: []string{"cảm ơn", "ok"}, Flow: "thanks", Label: dialogs.Text{VI: "Cảm ơn", EN: "Thanks"}})
	lib, err := dialogs.NewLibrary(c)
	if err != nil {
		t.Fatal(err)
	}
	return newPlayer(t, dialogs.NewEngine(lib))
}

func TestWordsThatNothingTakesAreSearchedFor(t *testing.T) {
	p := newSearching(t)
	p.say("lò hơi tốn củi")
	p.sees("Tìm <lò hơi tốn củi>")
	p.say("máy nén khí")
	p.sees("Tìm <máy nén khí>") // from a flow that lets one look around too
	p.say("/tim bẫy hơi")
	p.sees("Tìm <bẫy hơi>")
}

func TestSmallTalkIsNotSearchedFor(t *testing.T) {
	p := newSearching(t)
	p.say("cảm ơn em nhé")
	p.sees("Không có gì ạ.")
	p.say("ok")
	p.sees("Không có gì ạ.")
	p.say("?")
	p.sees("[idle.unknown]")
}

// TestCommandsComeBeforeTheSearch, unless the words are long enough to ask
// something of their own.
func TestCommandsComeBeforeTheSearch(t *testing.T) {
	p := newSearching(t)
	p.say("vào việc đi")
	p.asks("consent")
	p.say("/huy", "vao viec hom nay")
	p.sees("[idle.close]")
	p.say("vào việc ở xưởng gỗ thì cần chuẩn bị gì")
	p.sees("Tìm <vào việc ở xưởng gỗ thì cần chuẩn bị gì>")
}

// TestAnOpenQuestionIsNotLeftForTheSearch: in a form, words that do not fit are
// told so, small talk included.
func TestAnOpenQuestionIsNotLeftForTheSearch(t *testing.T) {
	p := newSearching(t)
	p.say("vào việc", "để xem đã nào bạn ơi tính sau")
	p.sees("[choice.unknown]")
	p.say("ok")
	p.sees("[wrong.second]")
}

// TestStopWithdrawsAndOnlyAYesAllowsAgain: refusing promotion withdraws the
// consent to tips, agreeing to tips again allows promotion; both are told.
func TestStopWithdrawsAndOnlyAYesAllowsAgain(t *testing.T) {
	f := &dialogs.Flow{Key: "tips", Hash: 23, Transient: true, Title: dialogs.Text{VI: "Mẹo", EN: "Tips"}, Nodes: []*dialogs.Node{
		{Key: "offer", Kind: dialogs.AskNode, Consent: dialogs.PurposeTips, Text: dialogs.Text{VI: "Nhận chứ?", EN: "Agree?"},
			Question: &dialogs.Question{Type: dialogs.TypeChoice, Choices: []dialogs.Choice{
				{Key: "yes", Label: dialogs.Text{VI: "Đồng ý nhận", EN: "Agree"}}, {Key: "no", Label: dialogs.Text{VI: "Để sau", EN: "Later"}}}}},
		{Key: "end", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Xong.", EN: "Done."}},
	}}
	p := newPlayer(t, newEngine(t, f))
	p.say("vào việc", "Đồng ý nhận")
	if _, c := p.load(); !c.Agreed(dialogs.PurposeTips, 0) {
		t.Fatalf("the yes is not kept: %+v", c)
	}
	p.say("/dung")
	if _, c := p.load(); c.Agreed(dialogs.PurposeTips, 0) || c.OptedOut.IsZero() || len(c.Consents) != 2 {
		t.Errorf("after stop: %+v", c)
	}
	p.say("vào việc")
	p.asks("offer") // the old yes does not pass the question over
	p.say("Để sau")
	if _, c := p.load(); c.OptedOut.IsZero() {
		t.Error("a no allows promotion")
	}
	p.say("vào việc", "Đồng ý nhận")
	if _, c := p.load(); !c.OptedOut.IsZero() || !c.Agreed(dialogs.PurposeTips, 0) {
		t.Errorf("after the new yes: %+v", c)
	}
}
