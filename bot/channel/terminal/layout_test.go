package terminal

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

func TestClean(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"ordinary text", "Dạ chào\nanh/chị 📅 1\u00a0250", "Dạ chào\nanh/chị 📅 1\u00a0250"},
		{"colours", "\x1b[31;1mđỏ\x1b[0m", "đỏ"},
		{"the cursor", "a\x1b[2J\x1b[H\x1b[?25lb", "ab"},
		{"the window's title", "\x1b]0;xấu\x07a\x1b]8;;http://x\x1b\\b", "ab"},
		{"a title that does not end", "a\x1b]0;xấu\nb", "a\nb"},
		{"a device string", "a\x1bPq#0\x1b\\b\u0090x\u009cc", "abc"},
		{"one-character forms", "a\u009b31mb\u009d0;x\u009cc", "abc"},
		{"an escape inside another", "\x1b\x1b[31m[2J", "[2J"},
		{"bells, returns, rubbing out", "a\a\r\b\x7f\x00b", "ab"},
		{"tabs", "a\tb", "a b"},
		{"other line ends", "a\u2028b\u2029c\u0085d", "a\nb\ncd"},
		{"turned directions", "\u202eabc\u2066d\u200f", "abcd"},
		{"what cannot be seen", "\u200ba\u00ad\ufeffb", "ab"},
		{"an emoji of several signs", "👩\u200d🏭 ☎\ufe0f", "👩\u200d🏭 ☎\ufe0f"},
		{"bytes that are no text", "a\xff\xfeb", "a\ufffdb"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := clean(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b[31mđỏ\x1b[0m\u009b2J")
	f.Add("\x1b]0;x\x07\x1bP\u202e\xff\t")
	f.Add("\x1b\x1b[\x1b[31m31m")
	f.Fuzz(func(t *testing.T, in string) {
		got := clean(in)
		if !utf8.ValidString(got) {
			t.Fatalf("%q became %q, which is no UTF-8", in, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) && r != '\n' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("%q became %q, which holds %U", in, got, r)
			}
		}
		if again := clean(got); again != got {
			t.Fatalf("%q became %q and then %q", in, got, again)
		}
	})
}

func TestColumns(t *testing.T) {
	cases := []struct {
		text string
		want int
	}{
		{"", 0}, {"abc", 3}, {"Nguyễn", 6}, {norm.NFD.String("Nguyễn Thị Hòa"), 14}, {"đ", 1}, {"…–“”·", 5}, {"│", 1},
		{"📅", 2}, {"📄 a", 4}, {"👩\u200d🏭", 2}, {"👍🏽", 2}, {"🇻🇳", 2}, {"☎", 1}, {"☎\ufe0f", 2}, {"漢字", 4}, {"ｈ", 2}, {"1\u00a0250", 5},
	}
	for _, c := range cases {
		if got := widthOf(cells(c.text, normal)); got != c.want {
			t.Errorf("%q takes %d columns, want %d", c.text, got, c.want)
		}
	}
}

// folded lays a text out as its lines.
func folded(text string, limit int) string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		list := cells(l, normal)
		for _, row := range fold(list, limit, hangOf(list)) {
			out = append(out, textOf(row))
		}
	}
	return strings.Join(out, "\n")
}

func TestFold(t *testing.T) {
	cases := []struct {
		name, text string
		limit      int
		want       string
	}{
		{"fits", "Sản xuất sạch hơn", 17, "Sản xuất sạch hơn"},
		{"between words", "Sản xuất sạch hơn", 16, "Sản xuất sạch\nhơn"},
		{"marks take no room", norm.NFD.String("Sản xuất sạch hơn"), 17, norm.NFD.String("Sản xuất sạch hơn")},
		{"its own lines stay", "a\n\nb", 10, "a\n\nb"},
		{"a numbered list", "1. Đo ẩm gỗ trước và sau sấy", 14, "1. Đo ẩm gỗ\n   trước và\n   sau sấy"},
		{"a list with signs", "• Đo ẩm gỗ trước", 12, "• Đo ẩm gỗ\n  trước"},
		{"a line with a signpost", "📍 Hội trường B, phường Thủ Dầu Một", 18, "📍 Hội trường B,\n   phường Thủ Dầu\n   Một"},
		{"moved in already", "  Đối tượng: Cán bộ kỹ thuật", 16, "  Đối tượng: Cán\n  bộ kỹ thuật"},
		{"a number that begins a sentence", "12 chỗ còn trống", 10, "12 chỗ còn\ntrống"},
		{"a word too long", "abcdefghij kl", 4, "abcd\nefgh\nij\nkl"},
		{"characters stay whole", "👩\u200d🏭👩\u200d🏭👩\u200d🏭", 5, "👩\u200d🏭👩\u200d🏭\n👩\u200d🏭"},
		{"an address stays whole", "xem https://example.vn/duong-dan nhé", 10, "xem\nhttps://example.vn/duong-dan\nnhé"},
		{"spaces that hold words together", "giá 1\u00a0250\u00a0kWh", 8, "giá\n1\u00a0250\u00a0kW\nh"},
		{"spaces at the end", "ab   ", 10, "ab"},
		{"nothing", "", 10, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := folded(c.text, c.limit); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// texts are made of what messages are made of, and of what they should not be.
var texts = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
		"Sản", "xuất", "1.", "•", "📅", "điện…", "👩\u200d🏭", "🇻🇳", "e\u0302\u0301", "**", "**lò hơi**", "***", "\u0301", "\u200d",
		"https://example.vn/mot/duong/dan/dai", "mộttừrấtdàikhôngcódấucách", "漢字漢字漢字", "\x1b[31m", " ", "  ", "\n", "\u00a0",
	})).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "glue"))
})

func TestFoldKeepsWordsAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(clean(texts.Draw(t, "text")), "\n", " ")
		limit := rapid.IntRange(4, 60).Draw(t, "limit")
		line := cells(text, normal)
		var all string
		for _, row := range fold(line, limit, hangOf(line)) {
			got := textOf(row)
			if w := widthOf(row); w > limit && !strings.Contains(got, "://") && strings.Trim(got, " ") != "" {
				t.Fatalf("%q takes %d columns of %d", got, w, limit)
			}
			all += got
		}
		if got, want := strings.ReplaceAll(all, " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
			t.Fatalf("the lines say %q, the text %q", got, want)
		}
	})
}

var (
	ours = regexp.MustCompile("\x1b\\[(1|2|22|36|39)m")
	lead = regexp.MustCompile("(?m)^[<│ ] ?") // the gutter, which differs
)

// Colours add codes and the bar; the words and where they stand are the same,
// and no code but the terminal's own comes through.
func TestColoursChangeNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := shown{first: 1, entry: channel.Entry{Message: dialogs.Message{Text: texts.Draw(t, "text"), Format: dialogs.Marked,
			Buttons: [][]dialogs.Button{{{ID: "1", Label: texts.Draw(t, "label"), On: rapid.Bool().Draw(t, "on")}, {ID: "2", Label: "Thôi"}}}}}}
		width := rapid.IntRange(0, 60).Draw(t, "width")
		draw := func(colour bool) string {
			var out bytes.Buffer
			s := newScreen(&out, Options{Colour: colour, Width: width})
			s.entry(e)
			if err := s.flush(); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		plain, coloured := draw(false), draw(true)
		if strings.Contains(plain, "\x1b") {
			t.Fatalf("codes without colours: %q", plain)
		}
		words := ours.ReplaceAllString(coloured, "")
		if strings.Contains(words, "\x1b") {
			t.Fatalf("a code that is not ours: %q", coloured)
		}
		if lead.ReplaceAllString(plain, "") != lead.ReplaceAllString(words, "") {
			t.Fatalf("plain\n%s\nin colours\n%s", plain, words)
		}
		for _, code := range codes[1:] {
			if strings.Count(coloured, code.on) > strings.Count(coloured, code.off) {
				t.Fatalf("a style goes on after the block: %q", coloured)
			}
		}
	})
}

func FuzzLines(f *testing.F) {
	f.Add("a\nb\r\n\nc", 3)
	f.Add("\ufeffdài quá\n\xff\n", 4)
	f.Fuzz(func(t *testing.T, in string, limit int) {
		if limit < 0 || limit > 1000 {
			t.Skip("no such limit")
		}
		input := readLines(t.Context(), strings.NewReader(in), limit)
		want := strings.Split(strings.TrimPrefix(in, byteOrderMark), "\n")
		if strings.HasSuffix(in, "\n") || in == "" {
			want = want[:len(want)-1]
		}
		n := 0
		for got := range input.next {
			if n == len(want) {
				t.Fatalf("more lines than the %d of %q", len(want), in)
			}
			l := strings.TrimSuffix(want[n], "\r")
			n++
			switch {
			case got.fault == tooLong && len(l) > limit-len(byteOrderMark):
			case got.fault == notUTF8 && !utf8.ValidString(l):
			case got.fault == readable && got.text == l && len(l) <= limit:
			default:
				t.Fatalf("line %d of %q with the limit %d was read as %+v", n, in, limit, got)
			}
		}
		if n != len(want) || input.err != nil {
			t.Fatalf("%d lines of %d, error %v", n, len(want), input.err)
		}
	})
}

func TestFileSize(t *testing.T) {
	cases := []struct {
		n    int64
		lang dialogs.Lang
		want string
	}{
		{0, "vi", ""}, {-1, "vi", ""}, {1, "vi", "1 kB"}, {12_345, "vi", "12 kB"}, {999_999, "vi", "1000 kB"}, {2_340_000, "vi", "2,3 MB"}, {2_340_000, "en", "2.3 MB"},
	}
	for _, c := range cases {
		if got := channel.FileSize(c.n, c.lang); got != c.want {
			t.Errorf("%d bytes in %s: got %q, want %q", c.n, c.lang, got, c.want)
		}
	}
}

func TestFileURL(t *testing.T) {
	if got := fileURL("/thư mục/a#b?.pdf"); got != "file:///th%C6%B0%20m%E1%BB%A5c/a%23b%3F.pdf" {
		t.Errorf("got %s", got)
	}
	if got := fileURL("a.pdf"); !strings.HasPrefix(got, "file:///") || !strings.HasSuffix(got, "/a.pdf") || len(got) < len("file:///x/a.pdf") {
		t.Errorf("a relative path gave %s", got)
	}
}

func TestOnlySoMuchIsRemembered(t *testing.T) {
	var tr transcript
	button := [][]dialogs.Button{{{ID: "1.a.b", Label: "Cũ"}}}
	tr.take([]channel.Entry{{Seq: 1, From: channel.FromBot, Message: dialogs.Message{Buttons: button}}})
	for i := range remembered - 1 {
		tr.take([]channel.Entry{{Seq: uint64(i + 2), From: channel.FromBot}})
	}
	if _, ok := tr.meant("Cũ"); !ok {
		t.Error("forgot too early")
	}
	tr.take([]channel.Entry{{Seq: remembered + 1, From: channel.FromBot}})
	if _, ok := tr.meant("Cũ"); ok || len(tr.entries) != remembered {
		t.Errorf("%d entries are remembered", len(tr.entries))
	}
}

func TestWordsAreComplete(t *testing.T) {
	for i, pair := range [][2]string{
		{vietnamese.Hello, english.Hello}, {vietnamese.Again, english.Again}, {vietnamese.Goodbye, english.Goodbye},
		{vietnamese.Staff, english.Staff}, {vietnamese.Picture, english.Picture}, {vietnamese.NoFile, english.NoFile},
		{vietnamese.PickSign, english.PickSign}, {vietnamese.AskNumber, english.AskNumber}, {vietnamese.NoNumber, english.NoNumber},
		vietnamese.Long, english.Long, vietnamese.Letters, english.Letters, vietnamese.Failed, english.Failed,
	} {
		if pair[0] == "" || pair[1] == "" || pair[0] == pair[1] {
			t.Errorf("pair %d is %q", i, pair)
		}
	}
}
