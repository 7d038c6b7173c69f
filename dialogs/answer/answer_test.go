package answer

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// checkText fails if s is not valid UTF-8 in normal form C.
func checkText(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
		t.Errorf("%q is not valid UTF-8 in NFC", s)
	}
}

// checkResult fails if a result is none of the three kinds there are.
func checkResult[T any](t *testing.T, r Result[T]) {
	t.Helper()
	n := len(r.Candidates)
	if n > maxCandidates || n == 0 && r.Problem == "" || n > 1 && r.Problem == "" {
		t.Errorf("%d candidates and problem %q", n, r.Problem)
	}
	if _, ok := r.Sure(); ok != (n == 1 && r.Problem == "") {
		t.Errorf("sure is %v with %d candidates and problem %q", ok, n, r.Problem)
	}
}

func TestProblems(t *testing.T) {
	seen := map[Problem]bool{}
	for _, p := range Problems() {
		if p == "" || seen[p] || strings.Trim(string(p), "abcdefghijklmnopqrstuvwxyz.") != "" {
			t.Errorf("problem %q is empty, there twice or badly formed", p)
		}
		seen[p] = true
	}
}

// reading is a line of a table: what was typed, and what it comes to.
type reading[T comparable] struct {
	typed   string
	problem Problem // "": sure
	want    []T
}

func checkReadings[T comparable](t *testing.T, read func(string) Result[T], table []reading[T]) {
	t.Helper()
	listed := map[Problem]bool{"": true}
	for _, p := range Problems() {
		listed[p] = true
	}
	for _, line := range table {
		for form, typed := range map[string]string{"NFC": line.typed, "NFD": norm.NFD.String(line.typed)} {
			r := read(typed)
			checkResult(t, r)
			if !listed[r.Problem] {
				t.Errorf("%q: problem %q is not listed", line.typed, r.Problem)
			}
			same := len(r.Candidates) == len(line.want)
			for i := range line.want {
				same = same && r.Candidates[i] == line.want[i]
			}
			if !same || r.Problem != line.problem {
				t.Errorf("%q (%s): got %v %q, want %v %q", line.typed, form, r.Candidates, r.Problem, line.want, line.problem)
			}
		}
	}
}

// TestPastedText checks that a text of many pages is read in no time, whatever
// it is made of.
func TestPastedText(t *testing.T) {
	m := classMenu()
	for _, piece := range []string{"dạ ", "ạ ", "1 ", "1,", "a\u0301", "không ", "@", "+84 ", "hai mươi ", "(", "e\u0323\u0302 ", "\n", "tất cả "} {
		s := strings.Repeat(piece, 20000)
		start := time.Now()
		m.Pick(s)
		m.PickMany(s)
		m.Search(s)
		Polite(s)
		Name(s)
		Phone(s)
		Email(s)
		TaxCode(s)
		Date(s, tuesday)
		Decimal(s)
		YesNo(s)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%d times %q takes %v", 20000, piece, took)
		}
	}
}
