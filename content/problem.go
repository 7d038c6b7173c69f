package content

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says how bad a [Problem] is.
type Severity string

// The severities.
const (
	// Error is what must be mended: the content cannot be talked from, or a
	// person would be stuck, misled or asked for data without consent.
	Error Severity = "error"
	// Warning is what reads badly, or is likely a slip.
	Warning Severity = "warning"
)

// Problem is one thing that is the matter with a content folder.
type Problem struct {
	File         string
	Line, Column int // from 1; 0: the whole file
	Severity     Severity
	What         string // what is the matter
	Do           string // what to do about it
}

// String returns the problem as `sachhon check` prints it:
// file:line:column: severity: what: what to do.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s: %s", p.File, p.Line, p.Column, p.Severity, p.What, p.Do)
}

// sortProblems orders problems by place and drops repetitions.
func sortProblems(list []Problem) []Problem {
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(list)
}

// anyError says whether one of the problems is an error.
func anyError(list []Problem) bool {
	return slices.ContainsFunc(list, func(p Problem) bool { return p.Severity == Error })
}

// place is where something stands in a file.
type place struct{ line, column int }
