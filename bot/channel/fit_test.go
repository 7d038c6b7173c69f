package channel_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

func rowsOf(labels ...string) [][]dialogs.Button {
	var rows [][]dialogs.Button
	for _, l := range labels {
		rows = append(rows, []dialogs.Button{{ID: "1.q." + l, Label: l}})
	}
	return rows
}

// shown writes messages as a person would see them: text, then [buttons], then
// (media); "---" between messages.
func shown(parts []dialogs.Message) string {
	var out []string
	for _, m := range parts {
		lines := []string{}
		if m.Text != "" {
			lines = append(lines, m.Text)
		}
		for _, row := range m.Buttons {
			line := ""
			for _, b := range row {
				line += "[" + b.Label + "]"
			}
			lines = append(lines, line)
		}
		for _, media := range m.Media {
			lines = append(lines, "("+string(media.Kind)+" "+media.Name+")")
		}
		out = append(out, strings.Join(lines, "\n"))
	}
	return strings.Join(out, "\n---\n")
}

func TestFit(t *testing.T) {
	class := dialogs.Message{Text: "Lớp **Sản xuất sạch hơn**", Format: dialogs.Marked, Hint: dialogs.HintChoice, Buttons: rowsOf("Đăng ký", "Xem lớp", "Thôi")}
	phone := dialogs.Message{Text: "Số điện thoại?", Hint: dialogs.HintPhone, Buttons: [][]dialogs.Button{
		{{ID: "1.p.~share", Label: "Gửi số của tôi", SharePhone: true}}, {{ID: "1.p.~skip", Label: "Bỏ qua"}}}}
	picture := dialogs.Message{Text: "Kết quả", Media: []dialogs.Media{{Kind: dialogs.Image, Name: "ketqua.png", Alt: "Biểu đồ 5 nhóm"}, {Kind: dialogs.Document, Name: "ketqua.pdf"}}}
	toggles := dialogs.Message{Text: "Nguồn năng lượng?", Hint: dialogs.HintChoice, Buttons: [][]dialogs.Button{{{ID: "1", Label: "Điện", On: true}, {ID: "2", Label: "Than"}}}}
	linked := dialogs.Message{Text: "Địa chỉ", Buttons: [][]dialogs.Button{{{Label: "Bản đồ", URL: "https://example.vn/a"}}, {{ID: "/menu", Label: "Menu"}}}}
	cases := []struct {
		name string
		m    dialogs.Message
		caps channel.Capabilities
		lang dialogs.Lang
		want string
	}{
		{"a file goes with a short text", dialogs.Message{Text: "Lịch", Media: picture.Media[1:], Buttons: rowsOf("Menu")}, channel.Capabilities{Buttons: 9, Pictures: true, Files: true, Caption: 10}, dialogs.Vietnamese,
			"Lịch\n[Menu]\n(document ketqua.pdf)"},
		{"a file goes before a text too long for it", dialogs.Message{Text: "Kết quả của tháng", Media: picture.Media[1:], Buttons: rowsOf("Menu")}, channel.Capabilities{Buttons: 9, Pictures: true, Files: true, Caption: 10}, dialogs.Vietnamese,
			"(document ketqua.pdf)\n---\nKết quả của tháng\n[Menu]"},
		{"several files go one by one", picture, channel.Capabilities{Pictures: true, Files: true, Caption: 100}, dialogs.Vietnamese,
			"(image ketqua.png)\n---\n(document ketqua.pdf)\n---\nKết quả"},
		{"a network that can all of it", class, channel.Capabilities{Buttons: 10, Marked: true}, "vi",
			"Lớp **Sản xuất sạch hơn**\n[Đăng ký]\n[Xem lớp]\n[Thôi]"},
		{"no marks", class, channel.Capabilities{Buttons: 10}, "vi",
			"Lớp Sản xuất sạch hơn\n[Đăng ký]\n[Xem lớp]\n[Thôi]"},
		{"no buttons", class, channel.Capabilities{}, "vi",
			"Lớp Sản xuất sạch hơn\nTrả lời bằng số:\n1. Đăng ký\n2. Xem lớp\n3. Thôi"},
		{"no buttons, in English", class, channel.Capabilities{}, "en",
			"Lớp Sản xuất sạch hơn\nReply with a number:\n1. Đăng ký\n2. Xem lớp\n3. Thôi"},
		{"too many buttons", class, channel.Capabilities{Buttons: 2, Marked: true}, "vi",
			"Lớp **Sản xuất sạch hơn**\nHoặc trả lời bằng số:\n3. Thôi\n[Đăng ký]\n[Xem lớp]"},
		{"labels too long", class, channel.Capabilities{Buttons: 5, Label: 5, Marked: true}, "vi",
			"Lớp **Sản xuất sạch hơn**\n[Đăng…]\n[Xem…]\n[Thôi]"},
		{"own number cannot be shared", phone, channel.Capabilities{Buttons: 5}, "vi", "Số điện thoại?\n[Bỏ qua]"},
		{"a number would be the answer", phone, channel.Capabilities{}, "vi", "Số điện thoại?\nHoặc viết:\n• Bỏ qua"},
		{"own number can be shared", phone, channel.Capabilities{Buttons: 5, SharePhone: true}, "vi", "Số điện thoại?\n[Gửi số của tôi]\n[Bỏ qua]"},
		{"no pictures, no files", picture, channel.Capabilities{}, "vi", "Kết quả\n[Biểu đồ 5 nhóm] (ketqua.png)\n(ketqua.pdf)"},
		{"pictures only", picture, channel.Capabilities{Pictures: true}, "vi", "Kết quả\n(ketqua.pdf)\n(image ketqua.png)"},
		{"what is switched on", toggles, channel.Capabilities{}, "vi", "Nguồn năng lượng?\nTrả lời bằng số:\n1. Điện ✓\n2. Than"},
		{"links have no number", linked, channel.Capabilities{}, "vi", "Địa chỉ\nBản đồ: https://example.vn/a\nTrả lời bằng số:\n1. Menu"},
		{"links keep their place among buttons", linked, channel.Capabilities{Buttons: 1}, "vi", "Địa chỉ\nHoặc trả lời bằng số:\n1. Menu\n[Bản đồ]"},
		{"too long: cut at a paragraph, buttons last",
			dialogs.Message{Text: "Đoạn một dài vừa.\n\nĐoạn hai cũng vậy.", Buttons: rowsOf("Xem")}, channel.Capabilities{Buttons: 1, Text: 25}, "vi",
			"Đoạn một dài vừa.\n---\nĐoạn hai cũng vậy.\n[Xem]"},
		{"too long: cut at a sentence", dialogs.Message{Text: "Câu thứ nhất. Câu thứ hai? Câu thứ ba"}, channel.Capabilities{Text: 30}, "vi",
			"Câu thứ nhất. Câu thứ hai?\n---\nCâu thứ ba"},
		{"figures and capitals end no sentence", dialogs.Message{Text: "Họp ở TP. Thủ Dầu Một lúc 8 giờ"}, channel.Capabilities{Text: 20}, "vi",
			"Họp ở TP. Thủ Dầu\n---\nMột lúc 8 giờ"},
		{"too long: cut at a word", dialogs.Message{Text: "một hai ba bốn năm"}, channel.Capabilities{Text: 8}, "vi", "một hai\n---\nba bốn\n---\nnăm"},
		{"a strong run is closed and opened again", dialogs.Message{Text: "**một hai ba bốn năm sáu**", Format: dialogs.Marked}, channel.Capabilities{Marked: true, Text: 18}, "vi",
			"**một hai ba bốn**\n---\n**năm sáu**"},
		{"a mark never closed is no mark", dialogs.Message{Text: "2 ** 3 = 8", Format: dialogs.Marked}, channel.Capabilities{}, "vi", "2 ** 3 = 8"},
		{"characters are not torn", dialogs.Message{Text: "aa👩‍🏭👩‍🏭"}, channel.Capabilities{Text: 6}, "vi", "aa👩‍🏭\n---\n👩‍🏭"},
		{"nothing but buttons", dialogs.Message{Buttons: rowsOf("Xem")}, channel.Capabilities{}, "vi", "Trả lời bằng số:\n1. Xem"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := shown(channel.Fit(c.m, c.caps, c.lang)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestFitChangesNothingItWasGiven(t *testing.T) {
	m := dialogs.Message{Text: "Chọn", Buttons: rowsOf("một nhãn rất dài", "hai")}
	channel.Fit(m, channel.Capabilities{Buttons: 1, Label: 4}, "vi")
	if got := shown([]dialogs.Message{m}); got != "Chọn\n[một nhãn rất dài]\n[hai]" {
		t.Errorf("the message given became\n%s", got)
	}
}

func TestFitCostsNothingWhenAllIsWell(t *testing.T) {
	m := dialogs.Message{Text: "Lớp **Sản xuất sạch hơn**", Format: dialogs.Marked, Buttons: rowsOf("Đăng ký", "Thôi")}
	caps := channel.Capabilities{Buttons: 8, Label: 20, Text: 4096, Marked: true}
	if n := testing.AllocsPerRun(100, func() { channel.Fit(m, caps, "vi") }); n > 1 {
		t.Errorf("%v allocations, want only the list", n)
	}
}

// letters drops white space, which a cut may drop too.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s)
}

var texts = rapid.Custom(func(t *rapid.T) string {
	pieces := rapid.SliceOf(rapid.SampledFrom([]string{
		"Sản", "xuất", "sạch", "hơn", "TP.", "1.", "gỗ?", "điện…", "nước!", "“lò”.", "3.5", "**", "**lò hơi**", "*", "***",
		"👩‍🏭", "🇻🇳", "👍🏽", "e\u0302\u0301", "https://example.vn/duong-dan?a=1", " ", "  ", "\n", "\n\n", ". ", "\u00a0",
	})).Draw(t, "pieces")
	return strings.Join(pieces, rapid.SampledFrom([]string{"", " "}).Draw(t, "glue"))
})

func TestFitKeepsAllWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := dialogs.Message{Text: texts.Draw(t, "text"), Format: dialogs.Format(rapid.IntRange(0, 1).Draw(t, "marked")), Hint: dialogs.HintChoice}
		for i := range rapid.IntRange(0, 6).Draw(t, "buttons") {
			m.Buttons = append(m.Buttons, []dialogs.Button{{ID: "x", Label: rapid.SampledFrom([]string{"Xem lớp", "Đăng ký ngay", "Thôi"}).Draw(t, "label"), On: i == 2}})
		}
		caps := channel.Capabilities{Buttons: rapid.IntRange(0, 4).Draw(t, "most"), Text: rapid.IntRange(1, 80).Draw(t, "limit"), Marked: rapid.Bool().Draw(t, "marks shown")}
		parts := channel.Fit(m, caps, "vi")

		joinedUp := ""
		for i, p := range parts {
			if n := utf8.RuneCountInString(p.Text); n > caps.Text {
				t.Fatalf("part %d is %d runes long, limit %d: %q", i, n, caps.Text, p.Text)
			}
			if last := i == len(parts)-1; !last && (len(p.Buttons) > 0 || p.Text == "") {
				t.Fatalf("part %d of %d has buttons or no text: %+v", i, len(parts), p)
			}
			if p.Format == dialogs.Marked && !caps.Marked {
				t.Fatalf("part %d is marked", i)
			}
			joinedUp += channel.Plain(p).Text
		}
		all := caps
		all.Text = 0
		whole := channel.Plain(channel.Fit(m, all, "vi")[0]).Text
		if letters(joinedUp) != letters(whole) {
			t.Fatalf("the parts say\n%q\nthe whole says\n%q", joinedUp, whole)
		}
		if last := parts[len(parts)-1]; count(last.Buttons) != min(count(m.Buttons), caps.Buttons) {
			t.Fatalf("%d buttons of %d, most %d", count(last.Buttons), count(m.Buttons), caps.Buttons)
		}
	})
}

func TestCutTearsNoWordThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(34, 80).Draw(t, "limit") // longer than the longest word
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"Sản", "xuất", "TP.", "👩‍🏭🇻🇳", "https://example.vn/duong-dan?a=1", "hơn."}), 1, 60).Draw(t, "words")
		rest, more := dialogs.Message{Text: strings.Join(words, " ")}, true
		var got []string
		for more {
			var head dialogs.Message
			head, rest, more = channel.Cut(rest, limit)
			got = append(got, strings.Fields(head.Text)...)
		}
		if strings.Join(got, " ") != strings.Join(words, " ") {
			t.Fatalf("got words %q, want %q", got, words)
		}
	})
}

func count(rows [][]dialogs.Button) int {
	n := 0
	for _, r := range rows {
		n += len(r)
	}
	return n
}

func FuzzCut(f *testing.F) {
	f.Add("Câu **thứ nhất**. Câu thứ hai.", true, 10)
	f.Add("***a**b****", true, 3)
	f.Add("👩‍🏭👩‍🏭 \n\n x", false, 2)
	f.Add("\xff\xfe**", true, 1)
	f.Fuzz(func(t *testing.T, text string, marked bool, limit int) {
		if len(text) > 2000 {
			t.Skip("long texts only make it slow")
		}
		m := dialogs.Message{Text: text}
		if marked {
			m.Format = dialogs.Marked
		}
		whole := letters(strings.ToValidUTF8(channel.Plain(m).Text, "\ufffd"))
		got := ""
		for rounds := 0; ; rounds++ {
			head, rest, more := channel.Cut(m, limit)
			if limit > 0 && utf8.RuneCountInString(head.Text) > limit {
				t.Fatalf("%q is longer than %d", head.Text, limit)
			}
			got += channel.Plain(head).Text
			if !more {
				break
			}
			if m = rest; rounds > len(text) {
				t.Fatal("no end")
			}
		}
		if utf8.ValidString(text) && letters(got) != whole {
			t.Fatalf("the parts say %q, the whole %q", got, whole)
		}
	})
}
