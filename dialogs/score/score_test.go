package score_test

import (
	"slices"
	"testing"

	"sachhon/dialogs"
	"sachhon/dialogs/score"
)

// question is one with a weight, a cost and a grade to be given.
func question(key, section string, weight int, safety bool, cost dialogs.Cost) *dialogs.CheckQuestion {
	return &dialogs.CheckQuestion{Key: key, Section: section, Weight: weight, Safety: safety, Advice: dialogs.Advice{Cost: cost}}
}

func set(questions ...*dialogs.CheckQuestion) []*dialogs.Questionnaire {
	q := &dialogs.Questionnaire{Questions: questions}
	for _, c := range questions {
		if q.Section(c.Section).Key == "" {
			q.Sections = append(q.Sections, dialogs.Section{Key: c.Section})
		}
	}
	return []*dialogs.Questionnaire{q}
}

var (
	unknown = dialogs.Value{Kind: dialogs.UnknownValue}
	na      = dialogs.Value{Kind: dialogs.NotApplicableValue}
)

func answers(pairs ...any) (out []dialogs.Answer) {
	for i := 0; i < len(pairs); i += 2 {
		v, ok := pairs[i+1].(dialogs.Value)
		if !ok {
			v = dialogs.GradeOf(pairs[i+1].(int))
		}
		out = append(out, dialogs.Answer{Node: pairs[i].(string), Value: v})
	}
	return out
}

// TestCutPoints stands on every side of 40 %, 75 % and 60 %.
func TestCutPoints(t *testing.T) {
	for _, tt := range []struct {
		what    string
		tally   score.Tally
		band    score.Band
		percent int
	}{
		{"nothing answered", score.Tally{Applies: 5}, score.Hidden, -1},
		{"nothing applies", score.Tally{}, score.Hidden, -1},
		{"59 of 100", score.Tally{Points: 59 * 3, Most: 59 * 3, Answered: 59, Applies: 100}, score.Hidden, -1},
		{"60 of 100", score.Tally{Points: 60 * 3, Most: 60 * 3, Answered: 60, Applies: 100}, score.Good, 100},
		{"39.99 %", score.Tally{Points: 3999, Most: 10000, Answered: 1, Applies: 1}, score.Start, 39},
		{"40 %", score.Tally{Points: 40, Most: 100, Answered: 1, Applies: 1}, score.Basis, 40},
		{"75 %", score.Tally{Points: 75, Most: 100, Answered: 1, Applies: 1}, score.Basis, 75},
		{"75.01 %", score.Tally{Points: 7501, Most: 10000, Answered: 1, Applies: 1}, score.Good, 76},
		{"0 %", score.Tally{Points: 0, Most: 100, Answered: 1, Applies: 1}, score.Start, 0},
	} {
		if band, percent := tt.tally.Band(), tt.tally.Percent(); band != tt.band || percent != tt.percent {
			t.Errorf("%s: %q and %d, want %q and %d", tt.what, band, percent, tt.band, tt.percent)
		}
	}
}

// TestWeights: w 3 at 1 and w 1 at 3 are 6 points of 12: 50 %.
func TestWeights(t *testing.T) {
	sets := set(question("a", "s", 3, false, dialogs.CostNone), question("b", "s", 1, false, dialogs.CostNone))
	got := score.Of(sets, answers("a", 1, "b", 3)).Overall
	if want := (score.Tally{Points: 6, Most: 12, Answered: 4, Applies: 4}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestDoesNotApplyIsNotThere(t *testing.T) {
	a, b, c := question("a", "s", 2, false, ""), question("b", "s", 3, false, ""), question("c", "z", 3, false, "")
	with := score.Of(set(a, b, c), answers("a", 2, "b", na, "c", na))
	if without := score.Of(set(a), answers("a", 2)); with.Overall != without.Overall || len(with.Sections) != 1 || len(with.Unknown) != 0 {
		t.Errorf("%+v, want %+v", with, without)
	}
}

func TestUnknownIsNoZero(t *testing.T) {
	sets := set(question("a", "s", 3, false, ""), question("b", "s", 2, false, ""))
	r := score.Of(sets, answers("a", 3, "b", unknown))
	if r.Overall.Points != 9 || r.Overall.Most != 9 || r.Overall.Share() != 60 || r.Overall.Band() != score.Good || len(r.Unknown) != 1 || len(r.Actions) != 0 {
		t.Errorf("%+v", r)
	}
	if r := score.Of(sets, answers("b", 3, "a", unknown)); r.Overall.Band() != score.Hidden || r.Overall.Share() != 40 {
		t.Errorf("%+v", r)
	}
}

// TestOrderOfActions: safety first, then weight times what is missing, then
// cost, then the order of the questions; five at the most.
func TestOrderOfActions(t *testing.T) {
	sets := set(
		question("small", "s", 1, false, dialogs.CostNone),
		question("invest", "s", 2, false, dialogs.CostInvest),
		question("low", "s", 2, false, dialogs.CostLow),
		question("free", "s", 2, false, dialogs.CostNone),
		question("free2", "s", 2, false, dialogs.CostNone),
		question("big", "s", 3, false, dialogs.CostInvest),
		question("safe", "s", 3, true, dialogs.CostInvest),
		question("done", "s", 3, true, dialogs.CostNone),
	)
	r := score.Of(sets, answers("small", 0, "invest", 0, "low", 0, "free", 0, "free2", 0, "big", 0, "safe", 2, "done", 3))
	var got []string
	for _, q := range r.Actions {
		got = append(got, q.Key)
	}
	if want := []string{"safe", "big", "free", "free2", "low"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAnswersToOtherQuestionsArePassedOver(t *testing.T) {
	sets := set(question("a", "s", 1, false, ""))
	if r := score.Of(sets, answers("zz", 0, "a", 3)); r.Overall.Points != 3 || len(r.Actions) != 0 {
		t.Errorf("%+v", r)
	}
	r := score.Of(sets, []dialogs.Answer{{Node: "a", Value: dialogs.ChoiceOf("7")}})
	if r.Overall.Answered != 0 || r.Overall.Applies != 1 {
		t.Errorf("a grade beyond the scale counts: %+v", r)
	}
}
