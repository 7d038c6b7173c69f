package answer

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"dang ky":                  "dang ky",
		"Đăng ký":                  "dang ky",
		"ĐĂNG KÝ":                  "dang ky",
		norm.NFD.String("Đăng ký"): "dang ky",
		"  Đăng   ký!  ":           "dang ky",
		"Hoà":                      "hoa",
		"Hòa":                      "hoa",
		"thuỷ, thủy":               "thuy thuy",
		"Ðặng (đặng)":              "dang dang", // the first with an Icelandic eth
		"Nguyễn-Văn.An":            "nguyen van an",
		"120 m³/ngày":              "120 m3 ngay",
		"１２３":                      "123",
		"1️⃣":                      "1",
		"📅 Xem lớp":                "xem lop",
		"👍":                        "",
		"a\u200bb\u00adc":          "abc",
		"Thủ\u00a0Dầu\u00a0Một":    "thu dau mot",
		"Müller":                   "muller",
		"Straße":                   "straße",
		"ạàáảãâậầấẩẫăặằắẳẵ":            strings.Repeat("a", 17),
		"ẸÈÉẺẼÊỆỀẾỂỄ":                  strings.Repeat("e", 11),
		"ọòóỏõôộồốổỗơợờớởỡ":            strings.Repeat("o", 17),
		"ỤÙÚỦŨƯỰỪỨỬỮ":                  strings.Repeat("u", 11),
		"ịìíỉĩ ỵỳýỷỹ":                  "iiiii yyyyy",
		"a\xffb":                       "a b",
		"Câu hỏi: “có” hay “không”…?!": "cau hoi co hay khong",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"hoà", "hòa", true},
		{"Thuỷ", "thủy", true},
		{"HUỶ", "hủy", true},
		{"khoẻ", "khỏe", true},
		{norm.NFD.String("Đỗ Thị Hòa"), "Đỗ Thị Hoà", true},
		{"e\u0302\u0323", "ệ", true},
		{"e\u0323\u0302", "ệ", true},
		{"ê\u0301", "ế", true}, // as Windows keyboards write it
		{"Xem lớp", "xem  lớp!", true},
		{"dừng", "dung", false},
		{"dừng", "đúng", false},
		{"Dũng", "dừng", false},
		{"hoa", "hòa", false},
		{"ban", "bàn", false},
		{"ma mà", "mà ma", false},
		{"👍", "👎", false},
		{"👍", "👍", true},
		{"", "", true},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		" \t\u200b ":                     "",
		"Nguyễn Văn An":                  "Nguyễn Văn An",
		norm.NFD.String("Nguyễn Văn An"): "Nguyễn Văn An",
		"  hai   khoảng\u00a0trắng ":     "hai khoảng trắng",
		"dòng 1\r\ndòng 2":               "dòng 1\ndòng 2",
		"dòng 1\rdòng 2":                 "dòng 1\ndòng 2",
		"a\n\n\n\nb":                     "a\n\nb",
		"a \n b":                         "a\nb",
		"\n\na\n":                        "a",
		"a\x00b\x07c":                    "abc",
		"kh\u200bông":                    "không",
		"a\u200b\u0301":                  "á",
		"\ufeffxin chào":                 "xin chào",
		"a\xffb":                         "a\ufffdb",
		"“Gỗ” – sơn… 👍":                  "“Gỗ” – sơn… 👍",
		"đường \u2028 mới":               "đường\nmới",
		"không\u202eđảo":                 "khôngđảo",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMarked(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, "dang ky": false, "123 !?": false, "Müller": false, "naïve": false, "mun\u0303oz": false, "👍": false, "ñ": false,
		"đ": true, "Hà": true, "ơ": true, "ư": true, "ă": true, "café": true,
		norm.NFD.String("Hà"): true, norm.NFD.String("ơ"): true, norm.NFD.String("mũ"): true,
	} {
		if got := Marked(in); got != want {
			t.Errorf("Marked(%q) = %v, want %v", in, got, want)
		}
	}
}

// syllables are words that people spell in more than one way.
var syllables = []string{
	"đăng", "ký", "hủy", "hòa", "thủy", "dừng", "đúng", "không", "nguyễn", "quý", "khỏe", "tiếp", "tục", "gỗ", "sơn", "nước", "điện", "xử", "lý", "giờ", "lớp", "an", "toàn",
	"xuý", "loà", "thuở", "huơ", "quyền", "giặt", "giếng", "ý", "ứng", "ậm", "ờ",
}

// oldPlacement moves the tone of oa, oe and uy to the place that was taught
// before.
var oldPlacement = strings.NewReplacer("òa", "oà", "óa", "oá", "ỏa", "oả", "õa", "oã", "ọa", "oạ", "òe", "oè", "óe", "oé", "ỏe", "oẻ", "õe", "oẽ", "ọe", "oẹ",
	"ùy", "uỳ", "úy", "uý", "ủy", "uỷ", "ũy", "uỹ", "ụy", "uỵ")

// spelled returns text in one of the ways in which people may spell it with
// its marks.
func spelled(t *rapid.T, text string) string {
	if rapid.Bool().Draw(t, "old placement") {
		text = oldPlacement.Replace(text)
	}
	switch rapid.SampledFrom([]string{"as is", "capitals", "title"}).Draw(t, "case") {
	case "capitals":
		text = strings.ToUpper(text)
	case "title":
		_, first := utf8.DecodeRuneInString(text)
		text = strings.ToUpper(text[:first]) + text[first:]
	}
	switch rapid.SampledFrom([]string{"as is", "NFC", "NFD"}).Draw(t, "form") {
	case "NFC":
		text = norm.NFC.String(text)
	case "NFD":
		text = norm.NFD.String(text)
	}
	return rapid.SampledFrom([]string{"", " ", "“", "- "}).Draw(t, "before") + text + rapid.SampledFrom([]string{"", " ", ".", "!", "  \n"}).Draw(t, "after")
}

func phrase(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(syllables), 1, 4).Draw(t, "words"), " ")
}

func TestSpellingsAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := phrase(t)
		other := spelled(t, text)
		if !Same(text, other) || Fold(text) != Fold(other) {
			t.Fatalf("%q and %q differ", text, other)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Đăng ký", "hoà", "1️⃣", "℃ ½ ﬁ", "a\u0301\u0300", "가", "İ", "ﷺ", "\xff", "ก็", "🇻🇳"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, and that folds to %q", s, folded, again)
		}
		clean := Clean(s)
		if again := Clean(clean); again != clean {
			t.Errorf("Clean(%q) = %q, and that cleans to %q", s, clean, again)
		}
		checkText(t, clean)
		if !Same(s, s) {
			t.Errorf("%q is not the same as itself", s)
		}
		if s != "" && Polite(s) == "" {
			t.Errorf("Polite(%q) is empty", s)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"ascii": "dang ky lop", "vietnamese": "Đăng ký lớp Sản xuất sạch hơn", "NFD": norm.NFD.String("Đăng ký lớp")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(s)
			}
		})
	}
}
