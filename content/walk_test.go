package content_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/dialogs/dialogstest"
)

// What people type anywhere, fitting or not.
var typed = []string{
	"Nguyễn Thị Hòa", "nguyen van an", "Dũng", "Huy", "Công ty Gỗ Minh Phát", "3700145020", "3700145021", "074090001234", "không nhớ",
	"0912345678", "mai", "1", "2", "có", "không", "dạ đồng ý ạ", "xác nhận", "sửa", "quay lại", "thôi", "dừng", "menu", "đăng ký", "cua toi", "hỏi",
	"riêng tư", "tiếp tục", "/dangky", "/cuatoi", "/hoi", "/riengtu", "/ngonngu", "/menu", "/huy", "/quaylai", "/trogiup", "/dung", "/danhgia", "/meo",
	"/start", "/start class_7f3k", "/start mate_7f3k", "/start offer_7F3K001", "/start take_7F3K001-src_P12", "/start pass_7F3K001", "/start check_wood", "/start check_go", "/start done_7", "/moichuyengia", "/language en",
	"chưa có", "làm đều, có ghi chép", "không áp dụng", "không biết", "12.500 kWh", "Linh hoạt", "Nhận chỗ", "hủy đăng ký", "?", "…", "câu hỏi dài về sấy gỗ và hút bụi",
}

// TestAnyWalk lets somebody wander through all flows at random, with every
// action coming to anything its contract allows: the bot always answers, never
// strays, fills every placeholder, and keeps nothing but what is stored.
func TestAnyWalk(t *testing.T) {
	set := embedded(t)
	taken := map[content.Way]bool{}
	engine := dialogs.NewEngine(set.Library).Traced(func(flow, node, way string) { taken[content.Way{Flow: flow, Node: node, Way: way}] = true })
	rapid.Check(t, func(t *rapid.T) {
		d := dialogstest.NewEngine(engine, nil)
		lang := rapid.SampledFrom([]dialogs.Lang{dialogs.Vietnamese, dialogs.English}).Draw(t, "lang")
		if err := d.Begin(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), lang); err != nil {
			t.Fatal(err)
		}
		var last []dialogs.Message
		for range rapid.IntRange(5, 60).Draw(t, "turns") {
			for _, a := range content.Actions() {
				if err := d.Outcome(anyOutcome(t, a)); err != nil {
					t.Fatal(err)
				}
			}
			if rapid.IntRange(0, 19).Draw(t, "pause") == 0 {
				if err := d.Advance(time.Duration(rapid.IntRange(1, 800).Draw(t, "hours")) * time.Hour); err != nil {
					t.Fatal(err)
				}
			}
			in := anyInput(t, last)
			if err := d.Say("web:an", in); err != nil {
				t.Fatalf("%+v: %v", in, err)
			}
			heard, err := d.Heard("web:an")
			if err != nil || len(heard) == 0 {
				t.Fatalf("%+v: nothing was said (%v)", in, err)
			}
			for _, m := range heard {
				checkMessage(t, m)
			}
			last = heard
		}
	})
	for _, w := range set.Untried(taken) {
		t.Logf("the walk never took %s.%s: %s", w.Flow, w.Node, w.Way)
	}
}

func checkMessage(t *rapid.T, m dialogs.Message) {
	if strings.TrimSpace(m.Text) == "" || strings.Contains(m.Text, "{") || !utf8.ValidString(m.Text) {
		t.Fatalf("said %q", m.Text)
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.ID == "" || b.Label == "" || strings.Contains(b.ID, "{") || len(b.ID) > 64 {
				t.Fatalf("button %+v under %q", b, m.Text)
			}
		}
	}
}

func anyInput(t *rapid.T, last []dialogs.Message) dialogs.Input {
	var ids []string
	for _, m := range last {
		for _, row := range m.Buttons {
			for _, b := range row {
				ids = append(ids, b.ID)
			}
		}
	}
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	switch {
	case kind < 5 && len(last) > 0 && fitting[last[len(last)-1].Hint] != "":
		return dialogs.Say(fitting[last[len(last)-1].Hint])
	case len(ids) > 0 && kind < 8:
		return dialogs.Press(rapid.SampledFrom(ids).Draw(t, "button"))
	case kind == 8:
		return dialogs.Input{Kind: dialogs.InputPhone, Text: "84912345678"}
	default:
		return dialogs.Say(rapid.SampledFrom(typed).Draw(t, "typed"))
	}
}

// fitting are answers that a question of this kind takes.
var fitting = map[dialogs.InputHint]string{
	dialogs.HintNone: "Công ty Gỗ Minh Phát", dialogs.HintName: "Nguyễn Thị Hòa", dialogs.HintPhone: "0912345678", dialogs.HintNumber: "3700145020",
}

// mayBeEmpty are the values that the contract lets an action leave empty.
var mayBeEmpty = []string{"reminders", "class_seats_left", "class_content", "class_others", "centre_phone", "centre_address",
	"check_was", "check_strong", "check_unknown", "check_actions", "check_figures", "check_peers", "advice_more", "advice_tip", "advice_leaflet", "advice_class", "request_for"}

// anyOutcome is something the action's contract allows.
func anyOutcome(t *rapid.T, a content.Action) dialogstest.Outcome {
	o := dialogstest.Outcome{Action: a.Name, Result: rapid.SampledFrom(a.Outcomes).Draw(t, a.Name)}
	sparse := rapid.Bool().Draw(t, "sparse")
	for _, v := range a.Values {
		value := dialogs.BothOf("giá trị", "value")
		switch v {
		case "class":
			value = dialogs.TextOf("7f3k")
		case "registration":
			value = dialogs.TextOf("7F3K-001")
		case "code":
			value = dialogs.TextOf("7F3K001")
		case "class_others":
			value = dialogs.NumberOf(float64(rapid.IntRange(0, 2).Draw(t, v)), "")
		}
		if sparse && slices.Contains(mayBeEmpty, v) {
			value = dialogs.Value{}
		}
		o.Values = append(o.Values, dialogs.Answer{Node: v, Value: value})
	}
	if a.Options && o.Result == "some" {
		for i := range rapid.IntRange(2, 20).Draw(t, "options") {
			o.Options = append(o.Options, dialogs.Option{Key: "id" + string(rune('a'+i)), Label: dialogs.Text{VI: "Mục " + string(rune('a'+i))}})
		}
	}
	return o
}
