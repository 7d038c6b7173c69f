package answer

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestName(t *testing.T) {
	checkReadings(t, Name, []reading[string]{
		{"Nguyễn Thị Hòa", "", []string{"Nguyễn Thị Hòa"}},
		{"Nguyễn Thị Hoà", "", []string{"Nguyễn Thị Hoà"}}, // kept as typed
		{"nguyễn văn an", "", []string{"nguyễn văn an"}},
		{"NGUYỄN VĂN AN", "", []string{"NGUYỄN VĂN AN"}},
		{"  Đỗ   Thị\tHòa ", "", []string{"Đỗ Thị Hòa"}},
		{"“Lê Văn Bảy”", "", []string{"Lê Văn Bảy"}},
		{"Phạm Hoài An.", "", []string{"Phạm Hoài An"}},
		{"Tên: Trần Văn Ơn", "", []string{"Trần Văn Ơn"}},
		{"Dạ em tên là Trần Thị Mỹ Hạnh ạ", "", []string{"Trần Thị Mỹ Hạnh"}},
		{"tôi là Lý Văn Được", "", []string{"Lý Văn Được"}},
		{"Dạ Thảo", "", []string{"Dạ Thảo"}},
		{"Tôn Nữ Thị Ninh", "", []string{"Tôn Nữ Thị Ninh"}},
		{"Công Tằng Tôn Nữ Thị Hạnh", "", []string{"Công Tằng Tôn Nữ Thị Hạnh"}},
		{"H'Hen Niê", "", []string{"H'Hen Niê"}},
		{"Đặng-Lê An", "", []string{"Đặng-Lê An"}},
		{"Müller Björn", "", []string{"Müller Björn"}},
		{"José Núñez", "", []string{"José Núñez"}},
		{"Raúl Muñoz", "", []string{"Raúl Muñoz"}},
		{"Michaël Saïd", "", []string{"Michaël Saïd"}},
		{"王小明 李", "", []string{"王小明 李"}},
		{"nguyen thi hoa", ProblemNameUnmarked, []string{"nguyen thi hoa"}},
		{"Nguyen Van A", ProblemNameUnmarked, []string{"Nguyen Van A"}},
		{"Nguyeenx Vawn An", ProblemNameUnmarked, []string{"Nguyeenx Vawn An"}},
		{"my name is John Smith", ProblemNameUnmarked, []string{"John Smith"}},
		{"Huy", ProblemNameShort, []string{"Huy"}},
		{"Dũng", ProblemNameShort, []string{"Dũng"}},
		{"A", ProblemNameShort, nil},
		{"Hoa 🌸", ProblemNameForm, []string{"Hoa"}},
		{"Nguyễn Thị Hoa (kế toán)", ProblemNameForm, []string{"Nguyễn Thị Hoa kế toán"}},
		{"", ProblemEmpty, nil},
		{"\u200b", ProblemEmpty, nil},
		{"...", ProblemNameForm, nil},
		{"🌸", ProblemNameForm, nil},
		{"0912345678", ProblemNameDigits, nil},
		{"Nguyễn Văn An 2", ProblemNameDigits, nil},
		{"tôi không muốn cho biết tên", ProblemNameSentence, nil},
		{"Sao phải khai tên?", ProblemNameSentence, nil},
		{"khai làm gì", ProblemNameSentence, nil},
		{"khong biet", ProblemNameSentence, nil},
		{"Nguyễn Văn An, Lê Thị Bình", ProblemNameSentence, nil},
		{"Nguyễn Văn An\nLê Thị Bình", ProblemNameSentence, nil},
		{"an@gmail.com", ProblemNameSentence, nil},
		{"Công ty Gỗ Minh Phát", ProblemNameCompany, nil},
		{"dạ cty TNHH Gỗ Minh Phát ạ", ProblemNameCompany, nil},
		{"cong ty 27/7", ProblemNameCompany, nil},
		{"HTX Rau sạch, ấp 3", ProblemNameCompany, nil},
		{"Công Tý", "", []string{"Công Tý"}},
		{"một hai ba bốn năm sáu bảy tám chín", ProblemNameSentence, nil},
		{strings.Repeat("Nguyễn ", 60), ProblemTooLong, nil},
	})
}

// TestRealNames checks that names which are also common words, or fold to
// them, are taken for names, with their marks and without.
func TestRealNames(t *testing.T) {
	for _, name := range []string{
		"Trần Thị Nhung", "Nguyễn Văn Tới", "Khổng Tú Quỳnh", "Nguyễn Văn Được", "Lê Thị Muốn", "Phạm Văn Rồi", "Võ Văn Sao", "Đặng Văn Ký", "Bùi Thị Cho", "Hồ Văn Dũng", "Lý Gia Huy",
		"Mai Văn Chưa", "Đỗ Thị Vâng", "La Văn Cầu", "Anh Đức", "Chị Lan", "Nguyễn Văn Em", "Trần Văn Năm", "Huỳnh Thị Tám", "Lê Văn Thôi", "Ngô Thị Tý",
	} {
		if got, ok := Name(name).Sure(); !ok || got != name {
			t.Errorf("%q is read as %v", name, Name(name))
		}
		if r := Name(unmark(name)); r.Problem != ProblemNameUnmarked || len(r.Candidates) != 1 || r.Candidates[0] != unmark(name) {
			t.Errorf("%q is read as %v", unmark(name), r)
		}
	}
}

func TestLegacyFonts(t *testing.T) {
	for _, name := range []string{"NguyÔn V¨n A", "TrÇn ThÞ Hoµ", "§ç V¨n ChiÕn", "Ph¹m Quèc Tr\u00adëng", "Nguyeãn Vaên AÙ", "Traàn Thò Hoøa", "Leâ Vaên Baûy", "a\xffb c"} {
		if r := Name(name); r.Problem != ProblemLegacyFont || r.Candidates != nil {
			t.Errorf("%q: %v", name, r)
		}
	}
	for _, text := range []string{"Nguyễn Văn Ân", "Hoàng Oanh", "Quý Hoà", "Thuỳ Uyên", "Zoë", "Raúl", "Müller", "François", "Đỗ Thị Hòa", "LÊ THỊ ÁI", "Út Êm", "Khoá", "Huân", "Tuấn · Lan", "Xuân", "Tòan", "Huế", "NGUYỄN THỊ HOÀ", "Ngoãn", "Hoè", "Loan"} {
		for form, typed := range map[string]string{"NFC": norm.NFC.String(text), "NFD": norm.NFC.String(norm.NFD.String(text))} {
			if isLegacy(typed) {
				t.Errorf("%q (%s) is taken for an old font", text, form)
			}
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"Nguyễn Thị Hòa", "dạ em tên là An ạ", "NguyÔn V¨n A", "Hoa 🌸", "'", "a\u0301", "\xff", "tên"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Name(s)
		checkResult(t, r)
		for _, name := range r.Candidates {
			checkText(t, name)
			if name == "" || Clean(name) != name {
				t.Errorf("%q is read as %q", s, name)
			}
		}
	})
}
