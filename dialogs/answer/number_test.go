package answer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// n is one number, with its unit if it has one.
func n(v float64, unit ...string) []Number { return []Number{{v, append(unit, "")[0]}} }

func two(a, b float64) []Number { return []Number{{a, ""}, {b, ""}} }

func TestDecimalInDigits(t *testing.T) {
	checkReadings(t, Decimal, []reading[Number]{
		{"0", "", n(0)},
		{"15", "", n(15)},
		{"007", "", n(7)},
		{"-5", "", n(-5)},
		{"âm 5", "", n(-5)},
		{"+5", "", n(5)},
		{"2,5", "", n(2.5)},
		{"2.5", "", n(2.5)},
		{"0,25", "", n(0.25)},
		{"0.250", "", n(0.25)},
		{"1.500.000", "", n(1500000)},
		{"1,500,000", "", n(1500000)},
		{"1.234.567,89", "", n(1234567.89)},
		{"1,234,567.89", "", n(1234567.89)},
		{"1.234,5", "", n(1234.5)},
		{"1,234.5", "", n(1234.5)},
		{"1 500 000", "", n(1500000)},
		{"5 000", "", n(5000)},
		{"3.000", "", n(3000)},
		{"3,000", "", n(3000)},
		{"5.000", "", n(5000)},
		{"12345", "", n(12345)},
		{"１２", "", n(12)},
		{"1.250", ProblemNumberAmbiguous, two(1250, 1.25)},
		{"1,250", ProblemNumberAmbiguous, two(1250, 1.25)},
		{"1,255", ProblemNumberAmbiguous, two(1.255, 1255)},
		{"1.250 kWh", ProblemNumberAmbiguous, []Number{{1250, "kWh"}, {1.25, "kWh"}}},
		{"1.50.000", ProblemNumberForm, nil},
		{"1,2,3", ProblemNumberForm, nil},
		{"1.2.3,4", ProblemNumberForm, nil},
	})
}

func TestDecimalWithUnit(t *testing.T) {
	checkReadings(t, Decimal, []reading[Number]{
		{"120 kWh", "", n(120, "kWh")},
		{"120kWh", "", n(120, "kWh")},
		{"120 m³/ngày", "", n(120, "m3/ngày")},
		{"120m3", "", n(120, "m3")},
		{"50%", "", n(50, "%")},
		{"25 người ạ", "", n(25, "người")},
		{"dạ 25 người", "", n(25, "người")},
		{"khoảng 25", "", n(25)},
		{"tầm 15 tấn", "", n(15, "tấn")},
		{"~30", "", n(30)},
		{"about 30 people", "", n(30, "people")},
		{"2 ngày rưỡi", "", n(2.5, "ngày")},
	})
}

func TestDecimalWithScale(t *testing.T) {
	checkReadings(t, Decimal, []reading[Number]{
		{"1,5 triệu", "", n(1.5e6)},
		{"1.5 triệu đồng", "", n(1.5e6, "đồng")},
		{"1tr5", "", n(1.5e6)},
		{"1tr250", "", n(1.25e6)},
		{"1 triệu 2", "", n(1.2e6)},
		{"1 triệu 200 nghìn", "", n(1.2e6)},
		{"15k", "", n(15000)},
		{"2k5", "", n(2500)},
		{"15 nghìn", "", n(15000)},
		{"15 ngan dong", "", n(15000, "dong")},
		{"3 tỷ", "", n(3e9)},
		{"3 tỉ 2", "", n(3.2e9)},
		{"2,5 ty", "", n(2.5e9)},
		{"5 trăm", "", n(500)},
		{"2 chục", "", n(20)},
		{"3 nghìn tỷ", "", n(3e12)},
		{"2 nghìn rưỡi", "", n(2500)},
		{"triệu rưỡi", "", n(1.5e6)},
		{"1 triệu 25", ProblemNumberAmbiguous, n(1.25e6)},
		{"1.5 million", "", n(1.5e6)},
	})
}

func TestDecimalInWords(t *testing.T) {
	checkReadings(t, Decimal, []reading[Number]{
		{"không", "", n(0)},
		{"năm", "", n(5)},
		{"mười", "", n(10)},
		{"muoi", "", n(10)},
		{"mười lăm", "", n(15)},
		{"muoi lam", "", n(15)},
		{"hai mươi", "", n(20)},
		{"hai muoi", "", n(20)},
		{"hai mươi mốt", "", n(21)},
		{"hai lăm", "", n(25)},
		{"ba tư", "", n(34)},
		{"tám mươi", "", n(80)},
		{"tam muoi", "", n(80)},
		{"một trăm", "", n(100)},
		{"một trăm linh năm", "", n(105)},
		{"mot tram linh nam", "", n(105)},
		{"một trăm lẻ năm", "", n(105)},
		{"một trăm hai", "", n(120)},
		{"một trăm hai mươi lăm", "", n(125)},
		{"trăm rưỡi", "", n(150)},
		{"hai trăm năm mươi người", "", n(250, "người")},
		{"một nghìn hai", "", n(1200)},
		{"một nghìn hai trăm", "", n(1200)},
		{"một nghìn linh năm", "", n(1005)},
		{"hai nghìn không trăm hai mươi", "", n(2020)},
		{"một triệu hai trăm nghìn", "", n(1.2e6)},
		{"hai trăm triệu", "", n(2e8)},
		{"hai phẩy năm", "", n(2.5)},
		{"2 phẩy 5", "", n(2.5)},
		{"không phẩy hai lăm", "", n(0.25)},
		{"nửa", "", n(0.5)},
		{"một nửa", "", n(0.5)},
		{"hai rưỡi", "", n(2.5)},
		{"khoảng hai mươi người", "", n(20, "người")},
		{"twenty five", "", n(25)},
		{"a hundred", "", n(100)},
		{"two hundred and five", "", n(205)},
		{"two thousand five hundred", "", n(2500)},
		{"two thousand and five", "", n(2005)},
		{"one point five", "", n(1.5)},
	})
}

func TestDecimalDoubtful(t *testing.T) {
	checkReadings(t, Decimal, []reading[Number]{
		{"hơn 100", ProblemNumberAbout, n(100)},
		{"gần 200 người", ProblemNumberAbout, n(200, "người")},
		{"at least 5", ProblemNumberAbout, n(5)},
		{"10-20 kWh", ProblemNumberRange, []Number{{10, "kWh"}, {20, "kWh"}}},
		{"từ 10 đến 20", ProblemNumberRange, two(10, 20)},
		{"công ty đang có 25 người", ProblemNumberForm, n(25, "người")},
		{"15 người và 3 máy", ProblemNumberForm, n(15)},
		{"năm 2024", "", n(2024)},
	})
}

func TestDecimalWrong(t *testing.T) {
	checkReadings(t, Decimal, []reading[Number]{
		{"", ProblemEmpty, nil},
		{"không biết", ProblemNumberForm, nil},
		{"khong biet", ProblemNumberForm, nil},
		{"năm nay chưa có", ProblemNumberForm, nil},
		{"nhiều", ProblemNumberForm, nil},
		{"10⁶", ProblemNumberForm, nil},
		{"ạ", ProblemNumberForm, nil},
		{"-", ProblemNumberForm, nil},
		{"99999999999999999999", ProblemNumberLarge, nil},
		{"10-10", "", n(10)},
		{strings.Repeat("1 ", 200), ProblemTooLong, nil},
		{"9 nghìn tỷ tỷ", ProblemNumberLarge, nil},
	})
}

func TestInteger(t *testing.T) {
	checkReadings(t, Integer, []reading[Number]{
		{"15", "", n(15)},
		{"15 người", "", n(15, "người")},
		{"1.250", "", n(1250)},
		{"1,250", "", n(1250)},
		{"1,255", "", n(1255)},
		{"1.250.000", "", n(1250000)},
		{"hai mươi", "", n(20)},
		{"1,5 triệu", "", n(1500000)},
		{"2,0", "", n(2)},
		{"2,5", ProblemNumberWhole, nil},
		{"2.5", ProblemNumberWhole, nil},
		{"nửa", ProblemNumberWhole, nil},
		{"hơn 20", ProblemNumberAbout, n(20)},
		{"20-30", ProblemNumberRange, []Number{{20, ""}, {30, ""}}},
		{"1 triệu 25", ProblemNumberAmbiguous, n(1250000)},
		{"gỗ", ProblemNumberForm, nil},
		{"", ProblemEmpty, nil},
	})
}

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		v      float64
		vi, en string
	}{
		{0, "0", "0"}, {5, "5", "5"}, {999, "999", "999"}, {1250, "1.250", "1,250"}, {1234567.89, "1.234.567,89", "1,234,567.89"},
		{-1250.5, "-1.250,5", "-1,250.5"}, {0.25, "0,25", "0.25"}, {1.1 * 3, "3,3", "3.3"}, {1e15, "1.000.000.000.000.000", "1,000,000,000,000,000"},
		{math.Copysign(0, -1), "0", "0"}, {math.NaN(), "NaN", "NaN"}, {math.Inf(1), "+Inf", "+Inf"},
	} {
		if vi, en := FormatNumber(c.v, true), FormatNumber(c.v, false); vi != c.vi || en != c.en {
			t.Errorf("%v is written %q and %q, want %q and %q", c.v, vi, en, c.vi, c.en)
		}
	}
}

func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := float64(rapid.Int64Range(-1e12, 1e12).Draw(t, "whole"))
		if got, ok := Integer(FormatNumber(whole, rapid.Bool().Draw(t, "vi"))).Sure(); !ok || got.Value != whole {
			t.Fatalf("%v is read back as %v %v", whole, got, ok)
		}
		v := float64(rapid.Int64Range(-1e9, 1e9).Draw(t, "thousandths")) / 1000
		text := FormatNumber(v, rapid.Bool().Draw(t, "vi"))
		r := Decimal(text)
		if !slices.ContainsFunc(r.Candidates, func(c Number) bool { return c.Value == v && c.Unit == "" }) {
			t.Fatalf("%v, written %q, is read back as %v", v, text, r)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.250", "1tr5", "hai mươi", "2 nghìn rưỡi", "10-20 kWh", "½", "10⁶", "triệu", "k", "tr", "một trăm linh", "a", "hai phẩy", "-", "1 2", "\xff", "5 trăm 20", "and", "two and"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range []Result[Number]{Decimal(s), Integer(s)} {
			checkResult(t, r)
			for i, c := range r.Candidates {
				checkText(t, c.Unit)
				if slices.Contains(r.Candidates[:i], c) {
					t.Errorf("%q offers %v twice", s, c)
				}
				if math.IsNaN(c.Value) || math.Abs(c.Value) > maxNumber {
					t.Errorf("%q is read as %v", s, c.Value)
				}
			}
		}
		for _, c := range Integer(s).Candidates {
			if c.Value != math.Trunc(c.Value) {
				t.Errorf("%q is read as the whole number %v", s, c.Value)
			}
		}
	})
}
