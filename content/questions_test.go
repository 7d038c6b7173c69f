package content_test

import (
	"strings"
	"testing"

	"sachhon/content"
)

// TestCheckNamesSlipsOfQuestionnaires spoils one place of a questionnaire at a
// time and looks for the problem that tells of it.
func TestCheckNamesSlipsOfQuestionnaires(t *testing.T) {
	const general, wood = "questionnaires/general.yaml", "questionnaires/wood.yaml"
	for _, tt := range []struct{ slip, file, old, new, want string }{
		{"weight out of range", general, "weight: 3\n    ask: {vi: \"Nhà máy có người", "weight: 4\n    ask: {vi: \"Nhà máy có người", "error: the weight “4” is not 1, 2 or 3"},
		{"weight with a fraction", general, "weight: 1\n", "weight: 1.5\n", "error: the weight “1.5” is not 1, 2 or 3"},
		{"safety of small weight", wood, "    weight: 3\n    safety: true\n", "    weight: 2\n    safety: true\n", "error: a question of safety weighs 3"},
		{"section that is not there", wood, "    section: wood\n    weight: 2\n", "    section: wod\n    weight: 2\n", "error: the section “wod” is not there"},
		{"key of another set", wood, "key: w5", "key: g5", "error: the key “g5” is used"},
		{"no advice", wood, "    advice:\n", "    advise:\n", "error: the question has no advice for a low answer"},
		{"no source", wood, "      source: {vi: \"woodbusiness.ca", "      # source: {vi: \"woodbusiness.ca", "error: the advice has no “source”"},
		{"unknown cost", wood, "cost: invest", "cost: much", "error: the cost “much” is not known"},
		{"no English", wood, ", en: Load the kiln by species and thickness}", "}", "error: the English text is missing"},
		{"title too long", wood, "vi: Tính tỷ lệ thành phẩm theo lô", "vi: Tính tỷ lệ thành phẩm theo lô gỗ cho tất cả các lô trong tháng", "warning: the title of the advice of “w6” has"},
		{"question too long", wood, "vi: \"Máy nào sinh bụi", "vi: \"" + strings.Repeat("Bụi gỗ ", 15) + "máy nào sinh bụi", "warning: the question of “w1” has"},
		{"advice too long", wood, "Bụi gỗ bay trong xưởng hại phổi và có thể cháy, nổ.", strings.Repeat("Bụi gỗ bay trong xưởng. ", 8), "warning: the advice of “w1” has"},
		{"id that is no tip's", wood, "tip: t13", "tip: T-13", "error: there is no tip “T-13”"},
		{"review without a name", wood, "reviewed_on: \"\"", "reviewed_on: 2026-12-01", "error: a review needs both who and when"},
		{"set that is not there", "flows/selfcheck.yaml", "[general, wood,", "[general, wod,", "error: the questionnaire “wod” is not there"},
		{"empty section", wood, "sections:\n", "sections:\n  - {key: spare, title: {vi: Dự phòng, en: Spare}}\n", "warning: the section “spare” has no questions"},
	} {
		t.Run(tt.slip, func(t *testing.T) {
			m := folder(t)
			before := string(m[tt.file].Data)
			after := strings.Replace(before, tt.old, tt.new, 1)
			if after == before {
				t.Fatalf("%s does not hold %q", tt.file, tt.old)
			}
			m[tt.file].Data = []byte(after)
			wantProblem(t, content.Check(m), tt.want)
		})
	}
}

func wantProblem(t *testing.T, found []content.Problem, want string) {
	t.Helper()
	var all []string
	for _, p := range found {
		if strings.Contains(p.String(), want) {
			return
		}
		all = append(all, p.String())
	}
	t.Errorf("want %q, got\n%s", want, strings.Join(all, "\n"))
}

// TestTipsOfQuestionnairesWithoutTips has a folder without tips: only the form
// of an id can be looked at then.
func TestTipsOfQuestionnairesWithoutTips(t *testing.T) {
	m := folder(t)
	for name := range m {
		if strings.HasPrefix(name, "tips/") {
			delete(m, name)
		}
	}
	wood := m["questionnaires/wood.yaml"]
	wood.Data = []byte(strings.Replace(string(wood.Data), "tip: t13", "tip: T-13", 1))
	wantProblem(t, content.Check(m), "warning: “T-13” does not look like the id of a tip")
}

// TestQuestionsAreEighteenAndEightEach holds what people are told: 18–26.
func TestQuestionsAreEighteenAndEightEach(t *testing.T) {
	set := embedded(t)
	for _, q := range set.Questionnaires() {
		want := 8
		if len(q.Sectors) == 0 {
			want = 18
		}
		if len(q.Questions) != want {
			t.Errorf("%s asks %d questions, want %d", q.Key, len(q.Questions), want)
		}
	}
	for sector, want := range map[string]int{"wood": 2, "go": 2, "thuocla": 2, "food": 2, "hoachat": 2, "other": 1, "": 1} {
		if got := set.QuestionnairesFor(sector); len(got) != want || got[0].Key != "general" {
			t.Errorf("somebody of %q answers %d sets", sector, len(got))
		}
	}
}

// TestFlowFollowsItsQuestions: another wording of a question is another flow.
func TestFlowFollowsItsQuestions(t *testing.T) {
	m := folder(t)
	before, _ := content.Load(m)
	wood := m["questionnaires/wood.yaml"]
	wood.Data = []byte(strings.Replace(string(wood.Data), "ngay tại nguồn không?", "tại nguồn không?", 1))
	after, problems := content.Load(m)
	if after == nil {
		t.Fatal(problems)
	}
	a, _ := before.Library.Flow("selfcheck")
	b, _ := after.Library.Flow("selfcheck")
	if a.Hash == b.Hash || before.QuestionnairesFor("wood")[1].Hash == after.QuestionnairesFor("wood")[1].Hash {
		t.Error("the hash stayed as it was")
	}
	if before.QuestionnairesFor("food")[1].Hash != after.QuestionnairesFor("food")[1].Hash {
		t.Error("another set's hash changed")
	}
}
