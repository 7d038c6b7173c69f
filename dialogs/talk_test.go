package dialogs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/dialogs"
)

// registration is a small flow with everything a real one has.
func registration() *dialogs.Flow {
	return &dialogs.Flow{Key: "work", Hash: 1, Title: dialogs.Text{VI: "Đăng ký lớp", EN: "Registration"},
		Nudge: dialogs.Nudge{After: 20 * time.Hour, Text: dialogs.Text{VI: "Còn dở.", EN: "Half-way."}},
		Nodes: []*dialogs.Node{
			{Key: "consent", Kind: dialogs.AskNode, Consent: "class", Text: dialogs.Text{VI: "Đồng ý chứ?", EN: "Agree?"},
				Question: &dialogs.Question{Type: dialogs.TypeChoice, Choices: []dialogs.Choice{
					{Key: "yes", Label: dialogs.Text{VI: "Đồng ý, tiếp tục", EN: "Agree"}},
					{Key: "no", Label: dialogs.Text{VI: "Thôi", EN: "No"}, Next: "bye"},
				}}},
			{Key: "person", Kind: dialogs.FormNode, Form: []*dialogs.Node{
				question("name", typed(dialogs.TypeName), func(n *dialogs.Node) { n.Question.Known = "name" }),
				question("kind", choices("firm", "public")),
				question("taxcode", typed(dialogs.TypeTaxCode), func(n *dialogs.Node) {
					n.Relevant = must(dialogs.NewExpr("kind == 'firm'"))
					n.Question.Optional = true
				}),
				question("phone", typed(dialogs.TypePhone), func(n *dialogs.Node) { n.Question.Known = "phone" }),
			}},
			{Key: "seat", Kind: dialogs.DoNode, Do: "register", With: []dialogs.Arg{{Name: "name", Text: "{name}"}, {Name: "phone", Text: "{phone}"}},
				On: map[string]string{"seat": "done", "full": "line"}},
			{Key: "done", Kind: dialogs.AskNode, Final: true, Text: dialogs.Text{VI: "Đã đăng ký, mã {code}.", EN: "Registered."},
				Question: &dialogs.Question{Type: dialogs.TypeChoice, Choices: []dialogs.Choice{
					{Key: "more", Label: dialogs.Text{VI: "Đăng ký cho đồng nghiệp", EN: "Another"}, Next: "person"},
				}}},
			{Key: "line", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Danh sách chờ, thứ {position}.", EN: "Waiting."}},
			{Key: "bye", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Dạ thôi.", EN: "Fine."}},
		}}
}

func must(e *dialogs.Expr, err error) *dialogs.Expr {
	if err != nil {
		panic(err)
	}
	return e
}

func seated(w dialogs.Wanted) dialogs.Outcome {
	return dialogs.Outcome{Result: "seat", Values: []dialogs.Answer{{Node: "code", Value: dialogs.TextOf("7F3K-001")}}}
}

func TestWholeRegistration(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	var wanted dialogs.Wanted
	p.act = func(w dialogs.Wanted) dialogs.Outcome { wanted = w; return seated(w) }
	p.say("vao viec")
	p.say("dong y, tiep tuc")
	p.asks("name")
	p.sees("(1/")
	p.say("Nguyễn Thị Hòa", "Chọn firm", "3700145020", "0912 345 678")
	p.sees("[form.summary]")
	p.say("Xác nhận")
	p.sees("Đã đăng ký, mã 7F3K-001.")
	if wanted.Args[0].Text != "Nguyễn Thị Hòa" || wanted.Args[1].Text != "+84912345678" {
		t.Errorf("the action was given %v", wanted.Args)
	}
	_, c := p.load()
	if !c.Agreed("class", 0) || c.Fact("name").Text != "Nguyễn Thị Hòa" || c.Fact("phone").Text != "+84912345678" {
		t.Errorf("the contact is %+v", c)
	}
}

func TestNobodyIsAskedTwice(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.act = seated
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public", "0912345678", "Xác nhận", "/menu", "vào việc")
	p.asks("kind")
	p.say("Chọn public")
	p.sees("[form.summary]")
}

func TestRefusedConsentAsksNothing(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Thôi")
	p.sees("Dạ thôi.")
	_, c := p.load()
	if len(c.Consents) != 1 || c.Consents[0].Given || len(c.Facts) != 0 {
		t.Errorf("the contact is %+v", c)
	}
}

func TestAnyLineOfTheSummaryCanBeChanged(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public", "0912345678")
	p.say("Sửa", "phone", "0987654321")
	p.sees("[form.summary]")
	p.keeps(map[string]string{"phone": "+84987654321", "name": "Nguyễn Thị Hòa"})
	p.say("Sửa", "kind", "Chọn firm")
	p.asks("taxcode") // the change made a question relevant
	p.say("Bỏ qua")
	p.sees("[form.summary]")
}

func TestBackKeepsAnswersAndOffersThem(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public")
	p.asks("phone")
	p.say("quay lại")
	p.asks("kind")
	p.say("quay lai")
	p.asks("name")
	if !slices.Contains(p.labels(), "Giữ “Nguyễn Thị Hòa”") {
		t.Errorf("the answer that stands is not offered: %v", p.labels())
	}
	p.say("Trần Văn Dũng")
	p.asks("phone")
	p.keeps(map[string]string{"name": "Trần Văn Dũng", "kind": "public"})
}

func TestCommandsWorkAtEveryNode(t *testing.T) {
	stops := [][]string{{}, {"vào việc"}, {"vào việc", "Đồng ý, tiếp tục"}, {"vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa"},
		{"vào việc", "Đồng ý, tiếp tục", "nguyen thi hoa"}, // doubted
		{"vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public", "0912345678"},
		{"vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public", "0912345678", "Sửa"}}
	for _, before := range stops {
		for _, cmd := range []string{"/menu", "/trogiup", "/quaylai", "/huy", "/dung", "/ngonngu", "/language en", "/khongco", "trợ giúp", "tro giup", "TRỢ GIÚP", "dạ trợ giúp ạ"} {
			t.Run(strings.Join(before, ",")+" "+cmd, func(t *testing.T) {
				p := newPlayer(t, newEngine(t, registration()))
				p.say(before...)
				p.say(cmd)
				if p.text() == "" {
					t.Error("no answer")
				}
			})
		}
	}
}

func TestLeftForTheMenuIsOfferedAgain(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "/menu")
	if l := p.labels(); len(l) == 0 || l[0] != "Tiếp tục" {
		t.Fatalf("the menu offers %v", l)
	}
	p.say("tiep tuc")
	p.asks("kind")
	p.keeps(map[string]string{"name": "Nguyễn Thị Hòa"})
}

func TestLanguageInMidTalkGoesOn(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "/ngonngu", "English")
	p.sees("[en language.changed]")
	p.asks("kind")
	p.sees("Ask kind?")
}

func TestStopIsConfirmedOnceAndTheTalkGoesOn(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "dừng")
	p.sees("[stopped]")
	p.asks("name")
	_, c := p.load()
	if c.OptedOut.IsZero() {
		t.Error("the refusal was not kept")
	}
	p.say("/stop")
	p.say("/dung")
	p.sees("[stopped.already]")
}

func TestNamesThatLookLikeCommands(t *testing.T) {
	for _, name := range []string{"Dũng", "Huy", "dung", "HUY", "Dung"} {
		p := newPlayer(t, newEngine(t, registration()))
		p.say("vào việc", "Đồng ý, tiếp tục", name)
		p.asksOrDoubts("name")
		if _, c := p.load(); !c.OptedOut.IsZero() {
			t.Errorf("%q at the question for the name stopped the messages", name)
		}
	}
}

func TestYesIsNotStop(t *testing.T) {
	flow := asNodes(1, question("sure", typed(dialogs.TypeYesNo)), question("next"))
	for _, yes := range []string{"đúng", "dung", "Đúng ạ", "vâng", "ok"} {
		p := newPlayer(t, newEngine(t, flow))
		p.say("vào việc", yes)
		p.asks("next")
		if _, c := p.load(); !c.OptedOut.IsZero() {
			t.Errorf("%q stopped the messages", yes)
		}
	}
	p := newPlayer(t, newEngine(t, flow))
	p.say("vào việc", "dừng")
	p.sees("[stopped]")
	p.asks("sure")
}

func TestWrongAnswersGetHelpStepByStep(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public", "mai")
	first := p.text()
	p.say("mai")
	p.sees("[example.phone]")
	second := p.text()
	p.say("mai")
	p.sees("[wrong.third]")
	if !slices.Contains(p.labels(), "hỏi") {
		t.Errorf("no person is offered: %v", p.labels())
	}
	if first == second || second == p.text() {
		t.Error("the same words came twice in a row")
	}
	p.say("0912345678")
	p.sees("[form.summary]")
}

func TestReturnAfterDaysSaysWhereOneWas(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục")
	p.now = p.now.Add(3 * 24 * time.Hour)
	p.say("chào em")
	p.sees("[returning]")
	p.say("Tiếp tục")
	p.asks("name")
}

func TestClearAnswerAfterDaysIsTaken(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", "Nguyễn Thị Hòa", "Chọn public")
	p.now = p.now.Add(3 * 24 * time.Hour)
	p.say("0912345678")
	p.sees("[form.summary]")
}

func TestTalkEndsAfterAMonthOfSilence(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục")
	p.now = p.now.Add(31 * 24 * time.Hour)
	p.say("/menu")
	p.sees("[expired]")
	if slices.Contains(p.labels(), "Tiếp tục") {
		t.Error("a talk that ended is offered again")
	}
}

func TestOldAndRepeatedButtons(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc")
	yes := p.button("Đồng ý, tiếp tục")
	p.press(yes)
	p.asks("name")
	p.press(yes)
	p.sees("[button.twice]")
	p.asks("name")
	p.press("zz.consent.yes")
	p.sees("[button.old]")
	p.asks("name")
	for _, forged := range []string{"1", "1.", "..", "1.name.", "1.name.~held9", "1.name.~line_x", "1.person.~confirm", "999999999999999.a.b"} {
		p.press(forged)
		p.asksOrDoubts("name")
	}
}

func TestNudgeComesOnceAndOnlyWhenReallyLeft(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục")
	w := p.waits()
	p.now = p.now.Add(10 * time.Hour)
	p.say("Nguyễn Thị Hòa")
	p.now = w.Until
	p.turn(w.WakeInput())
	p.seesNot("Còn dở.")
	again := p.waits()
	if want := noon.Add(30 * time.Hour); !again.Until.Equal(want) {
		t.Fatalf("looks again at %v, want %v", again.Until, want)
	}
	p.now = again.Until
	p.turn(again.WakeInput())
	p.sees("Còn dở.")
	for _, e := range p.events {
		if _, ok := e.(dialogs.Waits); ok {
			t.Error("a second nudge is planned")
		}
	}
	p.say("Tiếp tục")
	p.asks("kind")
}

func TestCircleOfNodesEndsPolitely(t *testing.T) {
	flow := &dialogs.Flow{Key: "work", Hash: 1, Nodes: []*dialogs.Node{
		{Key: "a", Kind: dialogs.SayNode, Next: "b", Text: dialogs.Text{VI: "a"}},
		{Key: "b", Kind: dialogs.SayNode, Next: "a", Text: dialogs.Text{VI: "b"}}}}
	engine := newEngine(t, flow)
	var s dialogs.Session
	events := engine.Turn(&s, &dialogs.Contact{}, dialogs.Say("vào việc"), noon)
	if !s.Idle() || len(events) > 250 {
		t.Errorf("idle %v after %d events", s.Idle(), len(events))
	}
}

func TestOverlongInputIsToldAndNothingIsLost(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say("vào việc", "Đồng ý, tiếp tục", strings.Repeat("ă", 5000))
	p.sees("[typed.toolong]")
	p.asks("name")
}

func (p *player) asksOrDoubts(key string) {
	p.t.Helper()
	s, _ := p.load()
	if s.Talk.Node != key || s.Talk.State != dialogs.Asking && s.Talk.State != dialogs.Doubting {
		p.t.Errorf("the talk waits at %q in state %d, want %q", s.Talk.Node, s.Talk.State, key)
	}
}

func (p *player) waits() dialogs.Waits {
	p.t.Helper()
	for _, e := range p.events {
		if w, ok := e.(dialogs.Waits); ok {
			return w
		}
	}
	p.t.Fatalf("no waiting was asked for: %v", p.events)
	return dialogs.Waits{}
}

func TestEmptyMessagePutsTheQuestionAgain(t *testing.T) {
	p := newPlayer(t, newEngine(t, registration()))
	p.say(" ")
	p.sees("Anh/chị cần gì?")
	p.say("vào việc", "Đồng ý, tiếp tục", "\u200b")
	p.asks("name")
	p.sees("Hỏi name?")
}
