// Package score weighs the answers of a self-check: bands and advice.
//
// The scale is the centre's own, to put actions into order; it is no standard
// and ranks nobody. The rules:
//
//   - A question has a weight w from 1 to 3 and a grade a from 0 (not yet) to 3
//     (done regularly and recorded). The index of a section is Σ w·a over Σ 3w,
//     taken over the questions with a grade; the overall index is the same over
//     all sections.
//   - “Doesn't apply” takes a question out altogether: it counts neither as
//     points nor as something that could have been answered.
//   - “Don't know” is never a zero: the index is that of the other answers. It
//     does count as something that could have been answered, and is listed.
//   - An index is told in words only: [Start] below 40 %, [Basis] to 75 %,
//     [Good] above. With less than 60 % of the weight that applies graded it is
//     [Hidden].
//   - At most five actions, none for a grade of 3: safety first, then the
//     highest w·(3−a), then the cheaper, then the order of the questions.
//
// All of it is integer arithmetic. Called by bot for the result of a check;
// functions are pure and safe for use by any number of goroutines, and there is
// nothing that a crash could lose.
package score

import (
	"cmp"
	"slices"

	"sachhon/dialogs"
)

// Band is an index in words.
type Band string

// The bands, from the lowest. Records hold them.
const (
	Hidden Band = "" // too little was answered to say
	Start  Band = "start"
	Basis  Band = "basis"
	Good   Band = "good"
)

// The cut points in percent, and how much of the weight must be graded.
const (
	startBelow = 40
	goodAbove  = 75
	shownFrom  = 60
)

// MaxActions is how many actions a result has at the most: more are not begun.
const MaxActions = 5

// Rank orders bands; Hidden is 0.
func (b Band) Rank() int {
	return slices.Index([]Band{Hidden, Start, Basis, Good}, b)
}

// Tally is what the answers of some questions add up to.
type Tally struct {
	Points   int // Σ w·a over the questions with a grade
	Most     int // Σ 3w over the same
	Answered int // Σ w over the same
	Applies  int // Σ w over all questions but those that do not apply
}

func (t *Tally) add(q *dialogs.CheckQuestion, v dialogs.Value) {
	if v.Kind == dialogs.NotApplicableValue {
		return
	}
	t.Applies += q.Weight
	if grade, ok := dialogs.Grade(v); ok {
		t.Points += q.Weight * grade
		t.Most += q.Weight * dialogs.TopGrade
		t.Answered += q.Weight
	}
}

// Band words the index.
func (t Tally) Band() Band {
	switch {
	case t.Answered == 0 || 100*t.Answered < shownFrom*t.Applies:
		return Hidden
	case 100*t.Points < startBelow*t.Most:
		return Start
	case 100*t.Points > goodAbove*t.Most:
		return Good
	default:
		return Basis
	}
}

// Percent is the index for drawing a bar, 0 to 100, and −1 where it is hidden.
// It is rounded so that it never contradicts the band; it is not for print.
func (t Tally) Percent() int {
	switch t.Band() {
	case Hidden:
		return -1
	case Good:
		return max(100*t.Points/t.Most, goodAbove+1)
	default:
		return 100 * t.Points / t.Most
	}
}

// Share is how much of the weight that applies was graded, in whole percent.
func (t Tally) Share() int {
	if t.Applies == 0 {
		return 0
	}
	return 100 * t.Answered / t.Applies
}

// Section is the result of one section.
type Section struct {
	dialogs.Section
	Tally
}

// Result is what a self-check comes to.
type Result struct {
	Overall  Tally
	Sections []Section // in order; those of which nothing applies are left out
	// Actions are the questions whose advice comes first, at most [MaxActions].
	Actions []*dialogs.CheckQuestion
	// Unknown are the questions answered with “don't know”, in order.
	Unknown []*dialogs.CheckQuestion
}

// Of weighs the answers to the questions of sets. Answers to other questions
// are passed over; a question without an answer counts as one that could have
// been answered.
func Of(sets []*dialogs.Questionnaire, answers []dialogs.Answer) Result {
	given := make(map[string]dialogs.Value, len(answers))
	for _, a := range answers {
		given[a.Node] = a.Value
	}
	var r Result
	var open []*dialogs.CheckQuestion
	for _, set := range sets {
		at := make(map[string]int, len(set.Sections))
		for _, s := range set.Sections {
			at[s.Key] = len(r.Sections)
			r.Sections = append(r.Sections, Section{Section: s})
		}
		for _, q := range set.Questions {
			v := given[q.Key]
			r.Overall.add(q, v)
			if i, ok := at[q.Section]; ok {
				r.Sections[i].add(q, v)
			}
			if v.Kind == dialogs.UnknownValue {
				r.Unknown = append(r.Unknown, q)
			}
			if grade, ok := dialogs.Grade(v); ok && grade < dialogs.TopGrade {
				open = append(open, q)
			}
		}
	}
	r.Sections = slices.DeleteFunc(r.Sections, func(s Section) bool { return s.Applies == 0 })
	r.Actions = first(open, given)
	return r
}

// first puts the questions with a low answer into order and keeps the first.
func first(open []*dialogs.CheckQuestion, given map[string]dialogs.Value) []*dialogs.CheckQuestion {
	gain := func(q *dialogs.CheckQuestion) int {
		grade, _ := dialogs.Grade(given[q.Key])
		return q.Weight * (dialogs.TopGrade - grade)
	}
	slices.SortStableFunc(open, func(a, b *dialogs.CheckQuestion) int {
		return cmp.Or(-compareBool(a.Safety, b.Safety), cmp.Compare(gain(b), gain(a)),
			cmp.Compare(a.Advice.Cost.Rank(), b.Advice.Cost.Rank()))
	})
	return open[:min(len(open), MaxActions)]
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
