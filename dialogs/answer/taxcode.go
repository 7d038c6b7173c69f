package answer

import (
	"slices"
	"strings"
)

const (
	enterpriseDigits = 10
	branchDigits     = 13
	personalDigits   = 12
)

// TaxCode reads an enterprise's tax code: 10 digits, or 13 for a branch, and
// returns "0312687878" or "0312687878-001". A code whose check digit does not
// fit is doubtful: the rule finds slips of the hand, it does not know who
// exists, so the person may still send it. 12 digits are a personal identity
// number, which is never returned.
func TaxCode(s string) Result[string] {
	text := Clean(s)
	switch {
	case text == "":
		return wrong[string](ProblemEmpty)
	case len(text) > maxAnswer:
		return wrong[string](ProblemTooLong)
	}
	found := runs(text, " .-/_,")
	if len(found) == 0 {
		return wrong[string](ProblemTaxForm)
	}
	if slices.ContainsFunc(found, isPersonal) {
		return wrong[string](ProblemTaxPersonal)
	}
	var read []Result[string]
	for _, r := range found {
		if result := taxCodeOf(r); len(result.Candidates) > 0 {
			read = append(read, result)
		}
	}
	switch len(read) {
	case 0:
		return wrong[string](ProblemTaxLength)
	case 1:
		return read[0]
	default:
		return doubtful(ProblemTaxForm, read[0].Candidates[0], read[1].Candidates[0])
	}
}

// isPersonal says whether a number has the 12 digits of a personal identity
// number and is not an enterprise's with a branch suffix one digit short.
func isPersonal(r run) bool {
	return len(r.digits) == personalDigits && shortBranch(r) == ""
}

// shortBranch returns the code that "0312687878-01" was meant as, if r is such.
func shortBranch(r run) string {
	head, suffix, ok := strings.Cut(r.raw, "-")
	head, suffix = strings.TrimSpace(head), strings.TrimSpace(suffix)
	if !ok || len(head) != enterpriseDigits || startsDigits(head) != len(head) || startsDigits(suffix) != len(suffix) || !checksOut(head) {
		return ""
	}
	if suffix = "000"[:max(0, 3-len(suffix))] + suffix; len(suffix) != 3 || suffix == "000" {
		return ""
	}
	return head + "-" + suffix
}

// taxCodeOf reads one number.
func taxCodeOf(r run) Result[string] {
	d := r.digits
	if code := shortBranch(r); code != "" && len(d) < branchDigits {
		return doubtful(ProblemTaxBranch, code)
	}
	code := d
	switch {
	case len(d) == enterpriseDigits-1 && checksOut("0"+d):
		return doubtful(ProblemTaxZero, "0"+d) // spreadsheets drop the leading zero
	case len(d) == branchDigits && d[enterpriseDigits:] == "000":
		return doubtful(ProblemTaxBranch, d[:enterpriseDigits])
	case len(d) == branchDigits:
		code = d[:enterpriseDigits] + "-" + d[enterpriseDigits:]
	case len(d) != enterpriseDigits:
		return wrong[string](ProblemTaxLength)
	}
	switch {
	case !checksOut(d[:enterpriseDigits]):
		return doubtful(ProblemTaxCheck, code)
	case r.letters:
		return doubtful(ProblemTaxForm, code)
	default:
		return sure(code)
	}
}

// checksOut says whether the tenth digit of a tax code follows from the others:
// 10 less the weighted sum of the first nine modulo 11. A sum that would ask
// for 10, and the sequence 0000000, are not given out. The rule is that of
// python-stdnum's vn.mst; it fits every published code that was tried.
func checksOut(d string) bool {
	weights := [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3}
	sum := 0
	for i, w := range weights {
		sum += w * int(d[i]-'0')
	}
	return 10-sum%11 == int(d[9]-'0') && d[2:9] != "0000000"
}
