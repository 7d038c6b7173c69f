package score_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"sachhon/dialogs"
	"sachhon/dialogs/score"
)

// anySet is a questionnaire with one to twelve questions in one to three
// sections.
func anySet(t *rapid.T) []*dialogs.Questionnaire {
	var questions []*dialogs.CheckQuestion
	for i := range rapid.IntRange(1, 12).Draw(t, "questions") {
		w := rapid.IntRange(1, 3).Draw(t, "weight")
		safety := w == 3 && rapid.Bool().Draw(t, "safety")
		cost := rapid.SampledFrom([]dialogs.Cost{dialogs.CostNone, dialogs.CostLow, dialogs.CostInvest}).Draw(t, "cost")
		questions = append(questions, question(fmt.Sprint("q", i), fmt.Sprint("s", rapid.IntRange(0, 2).Draw(t, "section")), w, safety, cost))
	}
	return set(questions...)
}

func anyAnswer(t *rapid.T) dialogs.Value {
	return rapid.SampledFrom([]dialogs.Value{dialogs.GradeOf(0), dialogs.GradeOf(1), dialogs.GradeOf(2), dialogs.GradeOf(3), unknown, na, {}}).Draw(t, "answer")
}

func anyAnswers(t *rapid.T, sets []*dialogs.Questionnaire) []dialogs.Answer {
	var out []dialogs.Answer
	for _, q := range sets[0].Questions {
		out = append(out, dialogs.Answer{Node: q.Key, Value: anyAnswer(t)})
	}
	return out
}

func tallies(r score.Result) map[string]score.Tally {
	m := map[string]score.Tally{"": r.Overall}
	for _, s := range r.Sections {
		m[s.Key] = s.Tally
	}
	return m
}

func TestBetterAnswersNeverWorsenABand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := anySet(t)
		given := anyAnswers(t, sets)
		before := tallies(score.Of(sets, given))
		for i := range given {
			if grade, ok := dialogs.Grade(given[i].Value); ok && grade < dialogs.TopGrade && rapid.Bool().Draw(t, "raise") {
				given[i].Value = dialogs.GradeOf(grade + 1)
			}
		}
		for key, after := range tallies(score.Of(sets, given)) {
			if after.Band().Rank() < before[key].Band().Rank() {
				t.Fatalf("%q fell from %q to %q", key, before[key].Band(), after.Band())
			}
			if after.Percent() < before[key].Percent() {
				t.Fatalf("%q fell from %d to %d", key, before[key].Percent(), after.Percent())
			}
		}
	})
}

// TestDontKnowIsNoPoints: points and most are those of the other answers, so
// that “don't know” neither raises nor lowers an index.
func TestDontKnowIsNoPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := anySet(t)
		given := anyAnswers(t, sets)
		i := rapid.IntRange(0, len(given)-1).Draw(t, "which")
		given[i].Value = unknown
		with := tallies(score.Of(sets, given))
		given[i].Value = na
		for key, without := range tallies(score.Of(sets, given)) {
			if w := with[key]; w.Points != without.Points || w.Most != without.Most || w.Answered != without.Answered {
				t.Fatalf("%q: %+v with, %+v without", key, w, without)
			}
		}
	})
}

func TestOrderOfAnsweringDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := anySet(t)
		given := anyAnswers(t, sets)
		if a, b := score.Of(sets, given), score.Of(sets, rapid.Permutation(given).Draw(t, "order")); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// TestNotApplicableIsAsIfNotAsked takes the questions that do not apply out of
// the set: the result is the same.
func TestNotApplicableIsAsIfNotAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := anySet(t)
		given := anyAnswers(t, sets)
		var left []*dialogs.CheckQuestion
		for i, q := range sets[0].Questions {
			if given[i].Value != na {
				left = append(left, q)
			}
		}
		with, without := score.Of(sets, given), score.Of(set(left...), given)
		if with.Overall != without.Overall || !reflect.DeepEqual(with.Actions, without.Actions) || !reflect.DeepEqual(with.Unknown, without.Unknown) {
			t.Fatalf("%+v and %+v", with, without)
		}
		if !reflect.DeepEqual(tallies(with), tallies(without)) {
			t.Fatalf("%+v and %+v", with.Sections, without.Sections)
		}
	})
}

func TestActionsAreFewAndSafetyLeads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := anySet(t)
		r := score.Of(sets, anyAnswers(t, sets))
		if len(r.Actions) > score.MaxActions {
			t.Fatal(len(r.Actions))
		}
		for i := 1; i < len(r.Actions); i++ {
			if r.Actions[i].Safety && !r.Actions[i-1].Safety {
				t.Fatalf("safety at %d comes after what is not", i)
			}
		}
	})
}
