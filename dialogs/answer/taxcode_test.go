package answer

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// published are tax codes that their owners print on their papers.
var published = []string{"0300588569", "0101248141", "0100112437", "0100107370", "0100109106", "0100684378", "0100150619", "0300583659", "3700145020", "0312687878"}

func TestTaxCode(t *testing.T) {
	var table []reading[string]
	for _, code := range published {
		table = append(table, reading[string]{code, "", []string{code}})
	}
	for _, typed := range strings.Split("3700145020|3700 145 020|3700.145.020|MST: 3700145020|mst3700145020|dạ mã số thuế là 3700145020 ạ|３７００１４５０２０", "|") {
		table = append(table, reading[string]{typed, "", []string{"3700145020"}})
	}
	for _, typed := range strings.Split("0312687878-001|0312687878 - 001|0312687878001|0312687878/001|0312687878.001|0312 687 878 001", "|") {
		table = append(table, reading[string]{typed, "", []string{"0312687878-001"}})
	}
	table = append(table, []reading[string]{
		{"3700145021", ProblemTaxCheck, []string{"3700145021"}},
		{"0312687879-001", ProblemTaxCheck, []string{"0312687879-001"}},
		{"0100000001", ProblemTaxCheck, []string{"0100000001"}},
		{"312687878", ProblemTaxZero, []string{"0312687878"}},
		{"0312687878-000", ProblemTaxBranch, []string{"0312687878"}},
		{"0312687878-01", ProblemTaxBranch, []string{"0312687878-001"}},
		{"0312687878-1", ProblemTaxBranch, []string{"0312687878-001"}},
		{"37OO145020", ProblemTaxForm, []string{"3700145020"}},
		{"3700145020 hoặc 0312687878", ProblemTaxForm, []string{"3700145020", "0312687878"}},
		{"074090001234", ProblemTaxPersonal, nil},
		{"074 090 001 234", ProblemTaxPersonal, nil},
		{"CCCD 074090001234", ProblemTaxPersonal, nil},
		{"0740900012-34", ProblemTaxPersonal, nil},
		{"3700145020, CCCD: 074090001234", ProblemTaxPersonal, nil},
		{"37001450", ProblemTaxLength, nil},
		{"37001450201", ProblemTaxLength, nil},
		{"312687879", ProblemTaxLength, nil},
		{"không nhớ", ProblemTaxForm, nil},
		{"", ProblemEmpty, nil},
		{strings.Repeat("1", 400), ProblemTooLong, nil},
	}...)
	checkReadings(t, TaxCode, table)
}

// TestOneWrongDigit checks that the check digit finds every slip of one digit.
func TestOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(rapid.SampledFrom(published).Draw(t, "code"))
		at := rapid.IntRange(0, 9).Draw(t, "at")
		code[at] = '0' + (code[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "off")))%10
		r := TaxCode(string(code))
		if r.Problem != ProblemTaxCheck || len(r.Candidates) != 1 || r.Candidates[0] != string(code) {
			t.Fatalf("%s: %v", code, r)
		}
	})
}

func TestBranchesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom(published).Draw(t, "code") + fmt.Sprintf("-%03d", rapid.IntRange(1, 999).Draw(t, "branch"))
		if got, ok := TaxCode(code).Sure(); !ok || got != code {
			t.Fatalf("%s is read as %s %v", code, got, ok)
		}
	})
}

func FuzzTaxCode(f *testing.F) {
	for _, s := range []string{"3700145020", "0312687878-001", "074090001234", "0312687878-01", "-", "1-", "0312687878-", "\xff3700145020"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := TaxCode(s)
		checkResult(t, r)
		for _, code := range r.Candidates {
			digits := strings.ReplaceAll(code, "-", "")
			if len(digits) != 10 && len(digits) != 13 || startsDigits(digits) != len(digits) {
				t.Errorf("%q is read as %q", s, code)
			}
			if back := TaxCode(code); len(back.Candidates) == 0 || back.Candidates[0] != code {
				t.Errorf("%q is read as %s and that as %v", s, code, back)
			}
		}
	})
}
