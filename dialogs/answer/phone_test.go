package answer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPhone(t *testing.T) {
	var table []reading[string]
	for _, typed := range strings.Split("0912345678|0912 345 678|0912.345.678|0912-345-678|(0912) 345 678|091 234 5678|+84912345678|+84 912 345 678|+84 (0) 912 345 678|+840912345678|84912345678|0084912345678|0084 912 345 678|sđt: 0912345678|SĐT 0912345678|sdt0912345678|số của em là 0912 345 678 ạ|０９１２３４５６７８|0912 345 678 (Zalo)|0912345678 gọi sau 17h|0912\u00a0345\u00a0678|0912–345–678", "|") {
		table = append(table, reading[string]{typed, "", []string{"+84912345678"}})
	}
	for _, typed := range strings.Split("02743822555|0274 3822555|0274 3 822 555|(0274) 3822 555|+84 274 3822555|842743822555|0274.3822555 máy lẻ 12", "|") {
		table = append(table, reading[string]{typed, "", []string{"+842743822555"}})
	}
	table = append(table, []reading[string]{
		{"028 3822 2555", "", []string{"+842838222555"}},
		{"0388888888", "", []string{"+84388888888"}},
		{"01234567890", "", []string{"+84834567890"}},
		{"0168 1234 567", "", []string{"+84381234567"}},
		{"+84 168 1234 567", "", []string{"+84381234567"}},
		{"0199 234 5678", "", []string{"+84592345678"}},
		{"+65 6123 4567", "", []string{"+6561234567"}},
		{"+1 650-253-0000", "", []string{"+16502530000"}},
		{"0065 6123 4567", "", []string{"+6561234567"}},
		{"912345678", ProblemPhoneZero, []string{"+84912345678"}},
		{"2743822555", ProblemPhoneZero, []string{"+842743822555"}},
		{"0650 3822555", ProblemPhoneArea, []string{"+842743822555"}},
		{"O912345678", ProblemPhoneLetters, []string{"+84912345678"}},
		{"09l2 345 678", ProblemPhoneLetters, []string{"+84912345678"}},
		{"0912345678 hoặc 0274 3822555", ProblemPhoneSeveral, []string{"+84912345678", "+842743822555"}},
		{"0912345678/0987654321", ProblemPhoneSeveral, []string{"+84912345678", "+84987654321"}},
		{"0912345678 - 0987654321", ProblemPhoneSeveral, []string{"+84912345678", "+84987654321"}},
		{"0912345678, 0912 345 678", "", []string{"+84912345678"}},
		{"091234567", ProblemPhoneShort, nil},
		{"0912", ProblemPhoneShort, nil},
		{"113", ProblemPhoneShort, nil},
		{"0274382255", ProblemPhoneShort, nil},
		{"0123456789", ProblemPhoneShort, nil},
		{"09123456789", ProblemPhoneLong, nil},
		{"027438225551", ProblemPhoneLong, nil},
		{"+65 6123", ProblemPhoneShort, nil},
		{"+65 6123 4567 8910 11", ProblemPhoneLong, nil},
		{"19001234", ProblemPhoneService, nil},
		{"1900 545 481", ProblemPhoneService, nil},
		{"18001119", ProblemPhoneService, nil},
		{"+84 1900 1234", ProblemPhoneService, nil},
		{"0412345678", ProblemPhoneForm, nil},
		{"+999 123 456 789", ProblemPhoneForm, nil},
		{"mai", ProblemPhoneLetters, nil},
		{"khong co", ProblemPhoneLetters, nil},
		{"???", ProblemPhoneLetters, nil},
		{"", ProblemEmpty, nil},
		{strings.Repeat("0912 ", 100), ProblemTooLong, nil},
	}...)
	checkReadings(t, Phone, table)
}

func TestFormatPhone(t *testing.T) {
	for in, want := range map[string]string{
		"+84912345678": "0912 345 678", "+842743822555": "0274 3 822 555", "+842838222555": "028 3822 2555", "+6561234567": "+65 6123 4567",
		"+84123": "+84123", "0912": "0912", "": "", "+": "+", "+84abc": "+84abc",
	} {
		if got := FormatPhone(in); got != want {
			t.Errorf("FormatPhone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOldPrefixes(t *testing.T) {
	for old, now := range oldMobile {
		got, ok := Phone(old + "1234567").Sure()
		if want := "+84" + now[1:] + "1234567"; !ok || got != want {
			t.Errorf("%s 1234567 is read as %q %v, want %q", old, got, ok, want)
		}
	}
}

func TestPhonesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.StringMatching(`\+84([35789][0-9]{8}|2[0-9]{9})`).Draw(t, "phone")
		if got, ok := Phone(FormatPhone(n)).Sure(); !ok || got != n {
			t.Fatalf("%s, written %s, is read back as %s %v", n, FormatPhone(n), got, ok)
		}
	})
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"0912 345 678", "+84", "+", "(+84)", "0912345678 0274 3822555", "00", "84", "+1 650 253 0000", "O9l2", "1900", "+(", "\xff0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Phone(s)
		checkResult(t, r)
		for _, phone := range r.Candidates {
			if phone[0] != '+' || startsDigits(phone[1:]) != len(phone)-1 {
				t.Errorf("%q is read as %q", s, phone)
			}
			if back := Phone(FormatPhone(phone)); !slices.Contains(back.Candidates, phone) {
				t.Errorf("%q is read as %s, written %q and read back as %v", s, phone, FormatPhone(phone), back)
			}
		}
		FormatPhone(s)
	})
}
