package dialogs

import "strconv"

// Questionnaire is a set of questions of practice on one scale, each with the
// advice for a low answer. A person answers the general one and that of their
// sector. What the answers come to is the business of package score.
type Questionnaire struct {
	Key   string
	Title Text
	// Sectors are the names under which people come to this set: the sector's
	// key first, then what deep links call it (check_go). Empty: it is asked of
	// everybody.
	Sectors   []string
	Sections  []Section
	Questions []*CheckQuestion
	// ReviewedBy and ReviewedOn (ISO date) say which expert approved the set;
	// empty: nobody yet, and whoever sees the advice is told so.
	ReviewedBy, ReviewedOn string
	// Hash is the content hash: the same words and weights, the same hash.
	Hash Hash
}

// Section is a group of questions with a result of its own.
type Section struct {
	Key   string // unique among all questionnaires
	Title Text
}

// CheckQuestion is one question of a self-check.
type CheckQuestion struct {
	Key     string // unique among all questionnaires; sessions and records hold it
	Section string
	// Weight is 1 to 3; 3: a large cost, or safety.
	Weight int
	// Safety puts the advice before all other; only with weight 3.
	Safety bool
	// NotApplicable offers the answer “does not apply”.
	NotApplicable bool
	// Text asks for a practice, never for a breach of the law.
	Text   Text
	Advice Advice
}

// Advice is what to do about a low answer.
type Advice struct {
	Title Text // the action, short enough for a line of a list
	Why   Text
	How   []Text // steps
	// Source is where it comes from, with year and country where a figure is.
	Source Text
	Cost   Cost
	// Tip and Leaflet are ids of further reading, such as t08 and L3; "": none.
	Tip, Leaflet string
}

// Cost says what an action needs.
type Cost string

// The cost classes, the cheapest first.
const (
	CostNone   Cost = "none" // nothing but attention
	CostLow    Cost = "low"
	CostInvest Cost = "invest"
)

// Rank orders cost classes, the cheapest first; what is not known comes last.
func (c Cost) Rank() int {
	switch c {
	case CostNone:
		return 0
	case CostLow:
		return 1
	case CostInvest:
		return 2
	default:
		return 3
	}
}

// TopGrade is the best grade of the scale; grades run from 0.
const TopGrade = 3

// Grade reads an answer as a grade from 0 to [TopGrade]; false for “don't
// know”, “does not apply” and anything that is not on the scale.
func Grade(v Value) (grade int, ok bool) {
	if v.Kind != ChoiceValue || len(v.Text) != 1 || v.Text[0] < '0' || v.Text[0] > '0'+TopGrade {
		return 0, false
	}
	return int(v.Text[0] - '0'), true
}

// GradeOf is the answer with this grade.
func GradeOf(grade int) Value { return ChoiceOf(strconv.Itoa(grade)) }

// For says whether the set is asked of a sector, by any of its names.
func (q *Questionnaire) For(sector string) bool {
	return len(q.Sectors) == 0 || contains(q.Sectors, sector)
}

// Section returns the section with this key; the zero one when there is none.
func (q *Questionnaire) Section(key string) Section {
	for _, s := range q.Sections {
		if s.Key == key {
			return s
		}
	}
	return Section{}
}

// Form returns the questions as the nodes of a form. The scale words the grades
// in order, with further spellings; a relevant condition is shared by all, so
// that a turn evaluates it once. Each question is headed by its section.
func (q *Questionnaire) Form(scale []Choice, relevant *Expr) []*Node {
	nodes := make([]*Node, len(q.Questions))
	for i, c := range q.Questions {
		title := q.Section(c.Section).Title
		nodes[i] = &Node{
			Key: c.Key, Kind: AskNode, Relevant: relevant,
			Text:     Text{VI: title.VI + "\n" + c.Text.VI, EN: title.EN + "\n" + c.Text.EN},
			Question: &Question{Type: TypeChoice, Choices: scale, Label: c.Text, Unknown: true, NotApplicable: c.NotApplicable},
		}
	}
	return nodes
}

// VersionOf is a short hash over the sets that were asked, for the records.
func VersionOf(sets []*Questionnaire) string {
	h := uint64(14695981039346656037)
	for _, q := range sets {
		for shift := 0; shift < 64; shift += 8 {
			h = (h ^ uint64(q.Hash)>>shift&0xff) * 1099511628211
		}
	}
	const digits = "0123456789abcdef"
	out := make([]byte, 8)
	for i := range out {
		out[i] = digits[h>>(60-4*i)&0xf]
	}
	return string(out)
}
