package dialogs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/dialogs"
)

// The tests of this file try the kinds of nodes and questions that the
// registration has no use for.

func multiple(min, max float64) func(*dialogs.Node) {
	return func(n *dialogs.Node) {
		n.Question.Type, n.Question.Min, n.Question.Max = dialogs.TypeChoices, min, max
	}
}

func TestSeveralChoicesAreSwitchedAndDone(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("need", choices("a", "b", "c"), multiple(1, 2)), question("next"))))
	p.say("vào việc")
	if slices.Contains(p.labels(), "[button.done]") {
		t.Error("nothing is chosen, and done is offered")
	}
	p.press(p.button("Chọn a"))
	p.press(p.button("Chọn b"))
	p.press(p.button("Chọn c")) // one too many
	p.sees("[choices.toomany]")
	p.press(p.button("Chọn a")) // off again
	p.press(p.button("[button.done]"))
	p.asks("next")
	p.keeps(map[string]string{"need": "b"})
	for _, e := range p.events {
		if a, ok := e.(dialogs.Answered); ok && a.Value.Kind != dialogs.ChoicesValue {
			t.Errorf("answered with %+v", a.Value)
		}
	}
}

func TestSeveralChoicesCanBeTyped(t *testing.T) {
	for typed, want := range map[string]string{"1, 3": "a\x1fc", "chon b va chon c": "b\x1fc", "Chọn a": "a"} {
		p := newPlayer(t, newEngine(t, asForm(1, question("need", choices("a", "b", "c"), multiple(1, 3)), question("next"))))
		p.say("vào việc", typed)
		if s, _ := p.load(); s.Talk.Node == "need" && slices.Contains(p.labels(), "[button.done]") {
			p.say("[button.done]") // a single label switches, as its button does
		}
		p.asks("next")
		p.keeps(map[string]string{"need": want})
	}
}

func placeEngine(t *testing.T) *dialogs.Engine {
	t.Helper()
	q := question("ward", typed(dialogs.TypePlace))
	q.Question.From = "wards"
	c := testContent(asForm(1, q, question("next")))
	c.Places = map[string][]dialogs.Place{"wards": nil}
	for _, w := range []string{"Thủ Dầu Một", "Phú Lợi", "Bình Dương", "Chánh Hiệp", "Phú An", "Lái Thiêu", "Thuận An", "Thuận Giao", "An Phú", "Bình Hòa", "Dĩ An", "Tân Đông Hiệp"} {
		c.Places["wards"] = append(c.Places["wards"], dialogs.Place{Key: strings.ReplaceAll(w, " ", ""), Label: dialogs.Text{VI: "P. " + w, EN: "P. " + w}})
	}
	lib, err := dialogs.NewLibrary(c)
	if err != nil {
		t.Fatal(err)
	}
	return dialogs.NewEngine(lib)
}

func TestPlaceIsPagedAndSearched(t *testing.T) {
	p := newPlayer(t, placeEngine(t))
	p.say("vào việc")
	first := p.labels()
	if slices.Contains(first, "P. Dĩ An") || !slices.Contains(first, "[button.more]") {
		t.Fatalf("the first page is %v", first)
	}
	p.press(p.button("[button.more]"))
	if !slices.Contains(p.labels(), "P. Dĩ An") {
		t.Fatalf("the second page is %v", p.labels())
	}
	p.press(p.button("[button.less]"))
	if !slices.Equal(p.labels(), first) {
		t.Errorf("back on the first page there is %v", p.labels())
	}
	p.say("thuan")
	if l := p.labels(); !slices.Contains(l, "P. Thuận An") || !slices.Contains(l, "P. Thuận Giao") || slices.Contains(l, "P. Dĩ An") {
		t.Errorf("a search for thuan offers %v", l)
	}
	p.press(p.button("[button.all]"))
	if !slices.Equal(p.labels(), first) {
		t.Errorf("after the search there is %v", p.labels())
	}
	p.say("không có nơi này đâu")
	p.sees("[place.none]")
	p.say("thuan giao", "P. Thuận Giao")
	p.keeps(map[string]string{"ward": "ThuậnGiao"})
}

func TestNumbersAreEchoedWhenTheyCanBeTwo(t *testing.T) {
	q := question("power", typed(dialogs.TypeDecimal), func(n *dialogs.Node) {
		n.Question.Unit, n.Question.Min, n.Question.Max = "kWh", 0, 1e6
		n.Question.Unknown = true
	})
	p := newPlayer(t, newEngine(t, asForm(1, q, question("next"))))
	p.say("vào việc", "1.250")
	if l := p.labels(); !slices.Contains(l, "1.250 kWh") || !slices.Contains(l, "1,25 kWh") {
		t.Fatalf("the readings offered are %v", l)
	}
	p.say("1,25 kWh")
	p.asks("next")
	s, _ := p.load()
	if v := s.Talk.Answer("power"); v.Num != 1.25 || v.Text != "kWh" {
		t.Errorf("kept %+v", v)
	}
	for typed, want := range map[string]float64{"1.500.000": 0, "2,5": 2.5, "1,5 nghìn": 1500, "hai mươi": 20} {
		p := newPlayer(t, newEngine(t, asForm(1, q, question("next"))))
		p.say("vào việc", typed)
		if want == 0 { // out of bounds
			p.sees("[wrong.bounds]")
			continue
		}
		s, _ := p.load()
		if v := s.Talk.Answer("power"); v.Num != want {
			t.Errorf("%q was kept as %v", typed, v.Num)
		}
	}
	p = newPlayer(t, newEngine(t, asForm(1, q, question("next"))))
	p.say("vào việc", "không biết")
	p.asks("next")
	if s, _ := p.load(); s.Talk.Answer("power").Kind != dialogs.UnknownValue {
		t.Error("don't know was not kept as such")
	}
}

func TestDatesAreReadFromTheDayOfTheTalk(t *testing.T) {
	q := question("day", typed(dialogs.TypeDate))
	for typed, want := range map[string]string{"ngày mai": "2026-11-25", "5/2/2027": "2027-02-05", "thứ Ba tới": "2026-12-01", "ngày 15 tháng 12": "2026-12-15"} {
		p := newPlayer(t, newEngine(t, asForm(1, q, question("next"))))
		p.say("vào việc", typed)
		p.asks("next")
		p.keeps(map[string]string{"day": want})
	}
}

func TestConstraintHasItsOwnWords(t *testing.T) {
	q := question("people", typed(dialogs.TypeInteger), func(n *dialogs.Node) {
		n.Question.Constraint = must(dialogs.NewExpr("value > 0 && value < 100"))
		n.Question.Broken = dialogs.Text{VI: "Từ 1 đến 99 người thôi ạ.", EN: "1 to 99."}
	})
	p := newPlayer(t, newEngine(t, asForm(1, q, question("next"))))
	p.say("vào việc", "500")
	p.sees("Từ 1 đến 99 người thôi ạ.")
	p.say("50")
	p.asks("next")
}

func TestOwnNumberIsTakenOnlyWhereItIsAsked(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("phone", typed(dialogs.TypePhone)))))
	p.say("vào việc")
	p.turn(dialogs.Input{Kind: dialogs.InputPhone, Text: "84912345678"})
	p.sees("[phone.unasked]")
	p.asks("a")
	p.say("một")
	p.turn(dialogs.Input{Kind: dialogs.InputPhone, Text: "84912345678"})
	s, _ := p.load()
	if v := s.Talk.Answer("phone"); v.Text != "+84912345678" || v.Num != 1 {
		t.Errorf("kept %+v", v)
	}
}

func TestFileIsTakenOnlyWhereItIsAsked(t *testing.T) {
	file := dialogs.Input{Kind: dialogs.InputFile, File: dialogs.Media{Kind: dialogs.Image, Name: "xưởng.jpg", MIME: "image/jpeg", Ref: "file:1"}}
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("photo", typed(dialogs.TypeFile)))))
	p.say("vào việc")
	p.turn(file)
	p.sees("[file.unasked]")
	p.say("một", "ảnh đây")
	p.sees("[problem.file]")
	p.turn(file)
	p.sees("[form.summary]")
	if s, _ := p.load(); !strings.HasPrefix(s.Talk.Answer("photo").Text, "file:1\x1fxưởng.jpg") {
		t.Errorf("kept %+v", s.Talk.Answer("photo"))
	}
}

// steps is a flow of plain nodes.
func steps(key string, nodes ...*dialogs.Node) *dialogs.Flow {
	return &dialogs.Flow{Key: key, Hash: 3, Title: dialogs.Text{VI: key, EN: key}, Nodes: nodes}
}

func TestCalledFlowReturns(t *testing.T) {
	sub := steps("sub", question("inner"), &dialogs.Node{Key: "bye", Kind: dialogs.SayNode, Text: dialogs.Text{VI: "Xong phần con: {inner}."}})
	main := steps("work", question("outer"), &dialogs.Node{Key: "go", Kind: dialogs.CallNode, Call: "sub"},
		&dialogs.Node{Key: "end", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Hết: {outer}, {inner}."}})
	p := newPlayer(t, newEngine(t, sub, main))
	p.say("vào việc", "một")
	p.asks("inner")
	p.say("hai")
	p.sees("Xong phần con: hai.")
	p.sees("Hết: một, hai.")
	if s, _ := p.load(); !s.Idle() {
		t.Error("the talk goes on")
	}
}

func TestFlowThatCallsItselfEndsPolitely(t *testing.T) {
	loop := steps("loop", &dialogs.Node{Key: "again", Kind: dialogs.CallNode, Call: "loop"})
	engine := newEngine(t, loop)
	var s dialogs.Session
	engine.Turn(&s, &dialogs.Contact{}, dialogs.Say("vào việc"), noon)
	if !s.Idle() || len(s.Talk.Frames) != 0 {
		t.Errorf("the session is left as %+v", s.Talk)
	}
}

func TestWaitGoesOnInTimeOrAtAWord(t *testing.T) {
	flow := steps("work", &dialogs.Node{Key: "rest", Kind: dialogs.WaitNode, Wait: time.Hour, Text: dialogs.Text{VI: "Một giờ nữa em hỏi tiếp."}}, question("then"))
	p := newPlayer(t, newEngine(t, flow))
	p.say("vào việc")
	w := p.waits()
	if w.For != dialogs.WakeWait || !w.Until.Equal(noon.Add(time.Hour)) {
		t.Fatalf("waits %+v", w)
	}
	p.now = w.Until
	p.turn(w.WakeInput())
	p.asks("then")
	p.turn(w.WakeInput()) // a second firing does nothing
	if p.text() != "" {
		t.Errorf("woken twice, it said %q", p.text())
	}
	p = newPlayer(t, newEngine(t, flow))
	p.say("vào việc", "tiếp đi")
	p.asks("then")
}

func TestBranchTakesTheFirstWayThatHolds(t *testing.T) {
	flow := steps("work", question("kind", choices("firm", "public", "other")),
		&dialogs.Node{Key: "fork", Kind: dialogs.BranchNode, Cases: []dialogs.Case{
			{When: must(dialogs.NewExpr("kind == 'firm'")), Next: "firm"}, {When: must(dialogs.NewExpr("given(kind)")), Next: "rest"}}},
		&dialogs.Node{Key: "firm", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Doanh nghiệp."}},
		&dialogs.Node{Key: "rest", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Nơi khác."}})
	for pick, want := range map[string]string{"Chọn firm": "Doanh nghiệp.", "Chọn public": "Nơi khác."} {
		p := newPlayer(t, newEngine(t, flow))
		p.say("vào việc", pick)
		p.sees(want)
	}
}

func TestHandOverGivesTheWordsToStaff(t *testing.T) {
	flow := steps("work", question("ask"), &dialogs.Node{Key: "over", Kind: dialogs.HandOverNode, Text: dialogs.Text{VI: "Đã gửi."}, With: []dialogs.Arg{{Name: "text", Text: "{ask}"}}})
	p := newPlayer(t, newEngine(t, flow))
	p.say("vào việc", "Lớp có thu phí không?")
	for _, e := range p.events {
		if h, ok := e.(dialogs.HandedOver); ok {
			if h.Text != "Lớp có thu phí không?" {
				t.Errorf("handed over %q", h.Text)
			}
			return
		}
	}
	t.Error("nothing was handed over")
}

func TestOptionsOfAnActionAreChosenFromAndAskedAnewOnTheWayBack(t *testing.T) {
	pick := question("class", typed(dialogs.TypeChoice))
	pick.Question.From = "options"
	flow := steps("work", &dialogs.Node{Key: "list", Kind: dialogs.DoNode, Do: "class.list", On: map[string]string{"some": "class"}}, pick, question("name"))
	runs := 0
	p := newPlayer(t, newEngine(t, flow))
	p.act = func(dialogs.Wanted) dialogs.Outcome {
		runs++
		return dialogs.Outcome{Result: "some", Options: []dialogs.Option{{Key: "7f3k", Label: dialogs.Text{VI: "Lớp gỗ"}}, {Key: "k2m9", Label: dialogs.Text{VI: "Lớp nước"}}}}
	}
	p.say("vào việc", "lop nuoc")
	p.asks("name")
	p.keeps(map[string]string{"class": "k2m9"})
	p.say("quay lại")
	if runs != 2 || !slices.Contains(p.labels(), "Lớp gỗ") {
		t.Errorf("after %d runs of the action the way back offers %v", runs, p.labels())
	}
}

func TestPersonsMarksAndBracesStayWords(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("b"))))
	p.say("vào việc", "**{title}** <b>", "hai")
	if text := p.text(); strings.Contains(text, "**") || strings.Contains(text, "Việc:") {
		t.Errorf("a person's words were read as marks or placeholders: %q", text)
	}
}
