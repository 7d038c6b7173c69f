package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sachhon/bot/programme"
	"sachhon/bot/store"
	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/dialogs/score"
)

// checked is what a whole self-check must come to. Worked out on paper from the
// rules of the programme, not by the program.
type checked struct {
	sector, answers  string // the answers repeat: grades, ? and -
	points, most     int
	share            int
	band             score.Band
	sections         string // of the sector's own last
	actions, unknown string
}

var checkedByHand = []checked{
	{"other", "3", 120, 120, 100, "good", "good good good good good good good good good", "", ""},
	{"other", "0", 0, 120, 100, "start", "start start start start start start start start start", "g14 g16 g1 g4 g8", ""},
	{"other", "?", 0, 0, 0, "", "- - - - - - - - -", "", "18"},
	{"other", "13?20", 50, 96, 80, "basis", "basis start - start basis start start good -", "g16 g14 g1 g10 g5", "4"},
	{"wood", "3", 180, 180, 100, "good", "good good good good good good good good good good", "", ""},
	{"wood", "0", 0, 180, 100, "start", "start start start start start start start start start start", "g14 g16 w3 w8 w1", ""},
	{"wood", "?", 0, 0, 0, "", "- - - - - - - - - -", "", "26"},
	{"wood", "13?20", 77, 153, 85, "basis", "basis start - start basis start start good - basis", "g16 w3 w8 g14 w1", "5"},
	{"tobacco", "3", 171, 171, 100, "good", "good good good good good good good good good good", "", ""},
	{"tobacco", "0", 0, 171, 100, "start", "start start start start start start start start start start", "g14 g16 g1 g4 g8", ""},
	{"tobacco", "?", 0, 0, 0, "", "- - - - - - - - - -", "", "26"},
	{"tobacco", "13?20", 65, 138, 80, "basis", "basis start - start basis start start good - start", "g16 g14 t2 g1 g10", "5"},
	{"food", "3", 174, 174, 100, "good", "good good good good good good good good good good", "", ""},
	{"food", "0", 0, 174, 100, "start", "start start start start start start start start start start", "g14 g16 g1 g4 g8", ""},
	{"food", "?", 0, 0, 0, "", "- - - - - - - - - -", "", "26"},
	{"food", "13?20", 70, 144, 82, "basis", "basis start - start basis start start good - basis", "g16 g14 f2 g1 g10", "5"},
	{"chemicals", "3", 186, 186, 100, "good", "good good good good good good good good good good", "", ""},
	{"chemicals", "0", 0, 186, 100, "start", "start start start start start start start start start start", "g14 g16 c3 c4 c7", ""},
	{"chemicals", "?", 0, 0, 0, "", "- - - - - - - - - -", "", "26"},
	{"chemicals", "13?20", 73, 153, 82, "basis", "basis start - start basis start start good - basis", "c7 g16 c3 c8 g14", "5"},
}

// given answers the questions of sets by the repeating codes.
func given(sets []*dialogs.Questionnaire, codes string) (out []dialogs.Answer) {
	for _, set := range sets {
		for _, q := range set.Questions {
			v := dialogs.ChoiceOf(string(codes[len(out)%len(codes)]))
			if v.Text == "?" {
				v = dialogs.Value{Kind: dialogs.UnknownValue}
			}
			out = append(out, dialogs.Answer{Node: q.Key, Value: v})
		}
	}
	return out
}

func TestQuestionnairesComeToWhatTheRulesSay(t *testing.T) {
	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	for _, want := range checkedByHand {
		sets := set.QuestionnairesFor(want.sector)
		r := score.Of(sets, given(sets, want.answers))
		var sections, actions []string
		for _, s := range r.Sections {
			band := string(s.Band())
			if band == "" {
				band = "-"
			}
			sections = append(sections, band)
		}
		for _, q := range r.Actions {
			actions = append(actions, q.Key)
		}
		unknown := ""
		if len(r.Unknown) > 0 {
			unknown = fmt.Sprint(len(r.Unknown))
		}
		got := checked{want.sector, want.answers, r.Overall.Points, r.Overall.Most, r.Overall.Share(), r.Overall.Band(),
			strings.Join(sections, " "), strings.Join(actions, " "), unknown}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

// scaleWords are what people press, by code and language.
var scaleWords = map[dialogs.Lang]map[byte]string{
	dialogs.Vietnamese: {'0': "Chưa có", '1': "Mới làm một phần", '2': "Làm đều, chưa ghi chép", '3': "Làm đều, có ghi chép", '?': "Không biết"},
	dialogs.English:    {'0': "Not yet", '1': "Partly", '2': "Regularly, not recorded", '3': "Regularly, recorded", '?': "Don't know"},
}

// phone is what a message must fit: the screen of a small phone above its
// buttons. A list of five actions under its heading is six lines.
const phoneRunes, phoneLines = 320, 6

// taker is somebody who takes the self-check on a stage.
type taker struct {
	t      *testing.T
	s      *Stage
	person string
	taps   int
	said   string
}

func (k *taker) say(text string) string {
	k.t.Helper()
	k.taps++
	if err := k.s.Say(k.person, dialogs.Say(text)); err != nil {
		k.t.Fatal(err)
	}
	heard, err := k.s.Heard(k.person)
	if err != nil {
		k.t.Fatal(err)
	}
	k.said = ""
	for _, m := range heard {
		k.said += m.Text + "\n"
		if n, lines := utf8.RuneCountInString(m.Text), strings.Count(m.Text, "\n")+1; n > phoneRunes || lines > phoneLines {
			k.t.Errorf("%d letters in %d lines:\n%s", n, lines, m.Text)
		}
	}
	return k.said
}

// check takes a whole self-check and returns what the result said.
func (k *taker) check(sector, codes string, lang dialogs.Lang) string {
	k.t.Helper()
	k.s.lang = lang
	agree, result := "Đồng ý, bắt đầu", "Xem kết quả"
	if lang == dialogs.English {
		agree, result = "Agree and start", "See the result"
	}
	k.say("/start check_" + sector)
	if strings.Contains(k.said, "Tự đánh giá lại") || strings.Contains(k.said, "lần tự đánh giá gần nhất") || strings.Contains(k.said, "Lần tự đánh giá gần nhất") {
		k.say("Tự đánh giá lại")
	}
	if !strings.HasPrefix(k.said, "(1/") && !strings.Contains(k.said, "\n(1/") {
		k.say(agree)
	}
	for i := 0; strings.HasPrefix(k.said, "(") || strings.Contains(k.said, "\n("); i++ {
		if i > 26 {
			k.t.Fatalf("no end of questions: %s", k.said)
		}
		k.say(scaleWords[lang][codes[i%len(codes)]])
	}
	return k.say(result)
}

// TestWholeChecksInBothLanguages plays every case by hand through the bot, in
// both languages, and holds every message against a phone.
func TestWholeChecksInBothLanguages(t *testing.T) {
	s := openStage(t, 5)
	bands := map[dialogs.Lang]map[score.Band]string{
		dialogs.Vietnamese: {"": "chưa đủ câu trả lời", "start": "Nên bắt đầu", "basis": "Đã có nền", "good": "Khá"},
		dialogs.English:    {"": "too few answers", "start": "Time to begin", "basis": "A good base", "good": "Well established"},
	}
	most := 0
	for i, want := range checkedByHand {
		for lang, words := range bands {
			k := &taker{t: t, s: s, person: fmt.Sprintf("web:p%d%s", i, lang)}
			said := k.check(want.sector, want.answers, lang)
			if !strings.Contains(said, "**"+words[want.band]) {
				t.Errorf("%s %s %s: said %s", want.sector, want.answers, lang, said)
			}
			if n := strings.Count(want.actions, " ") + 1; want.actions != "" && (!strings.Contains(said, fmt.Sprintf("\n%d. ", n)) || strings.Contains(said, fmt.Sprintf("\n%d. ", n+1))) {
				t.Errorf("%s %s %s: want %d actions: %s", want.sector, want.answers, lang, n, said)
			}
			if want.unknown != "" && !strings.Contains(said, want.unknown+" câu “Không biết”") && !strings.Contains(said, want.unknown+" × “Don’t know”") {
				t.Errorf("%s %s %s: want %s unknown: %s", want.sector, want.answers, lang, want.unknown, said)
			}
			most = max(most, k.taps)
		}
	}
	if most > 30 {
		t.Errorf("a whole check takes %d taps", most)
	}
	t.Logf("at most %d taps from the link to the result", most)
}

// TestEveryAdviceFitsAPhone walks all actions that any self-check can advise.
func TestEveryAdviceFitsAPhone(t *testing.T) {
	s := openStage(t, 5)
	desk := s.bot.turns.desk
	for _, set := range s.bot.set.Load().Questionnaires() {
		for _, q := range set.Questions {
			values := map[string]dialogs.Value{}
			for _, v := range desk.adviceValues(advised{q, set}, 5, 5) {
				values[v.Node] = v.Value
			}
			flow, _ := s.bot.set.Load().Library.Flow("selfcheck")
			i := slices.IndexFunc(flow.Nodes, func(n *dialogs.Node) bool { return n.Key == "advice" })
			for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
				text := dialogs.Fill(flow.Nodes[i].Text.In(lang), func(name string) string { return dialogs.Show(values[name], lang) })
				if n, lines := utf8.RuneCountInString(text), strings.Count(text, "\n")+1; n > phoneRunes || lines > phoneLines {
					t.Errorf("%s: %d letters in %d lines:\n%s", q.Key, n, lines, text)
				}
			}
		}
	}
}

func TestTheSecondCheckIsHeldAgainstTheFirst(t *testing.T) {
	s := openStage(t, 5)
	k := &taker{t: t, s: s, person: "web:an"}
	if said := k.check("wood", "1", dialogs.Vietnamese); strings.Contains(said, "Lần trước") {
		t.Errorf("the first time: %s", said)
	}
	pass(t, s, 200*day)
	told(t, s, "web:an")
	if said := k.check("wood", "3", dialogs.Vietnamese); !strings.Contains(said, "Lần trước: Nên bắt đầu (24/11/2026); tiến lên: Cam kết; Theo dõi số liệu và 8 phần nữa") {
		t.Errorf("the second time: %s", said)
	}
	var kept []programme.Assessment
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Assessments(func(a programme.Assessment) bool { kept = append(kept, a); return true })
	})
	if err != nil || len(kept) != 2 || kept[0].Version != kept[1].Version || kept[0].Run == kept[1].Run {
		t.Errorf("%+v, %v", kept, err)
	}
}

// TestTheResultOfOneTalkIsOneAssessment presses for the result twice.
func TestTheResultOfOneTalkIsOneAssessment(t *testing.T) {
	s := openStage(t, 5)
	k := &taker{t: t, s: s, person: "web:an"}
	k.check("wood", "2", dialogs.Vietnamese)
	k.say("/quaylai")
	k.say("/danhgia")
	k.say("Xem kết quả cũ")
	n := 0
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Assessments(func(programme.Assessment) bool { n++; return true })
	})
	if err != nil || n != 1 {
		t.Errorf("%d assessments, %v", n, err)
	}
}

// TestASectorIsToldFromTenEnterprisesOn counts only once per enterprise.
func TestASectorIsToldFromTenEnterprisesOn(t *testing.T) {
	s := openStage(t, 5)
	add := func(i int, tax string) (words dialogs.Text) {
		err := s.bot.committer.Do(t.Context(), func(tx Tx, _ *effects) error {
			id := fmt.Sprintf("c%d", i)
			at := "web:peer" + id
			c := dialogs.Contact{ID: id, Addresses: []string{at}, Created: s.now}
			if err := tx.PutContact(&c); err != nil {
				return err
			}
			if err := tx.PutAddress(at, id, false); err != nil {
				return err
			}
			sets := s.bot.turns.desk.questions(programme.SectorWood)
			_, _, err := programme.Assess(tx, programme.AssessmentRequest{Contact: id, Run: 1, TaxCode: tax, Sector: programme.SectorWood,
				Answers: given(sets, []string{"0", "2", "3"}[i%3])}, sets, s.now)
			if err != nil {
				return err
			}
			words, err = s.bot.turns.desk.peerWords(tx, programme.SectorWood)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	for i := range 9 {
		if words := add(i, fmt.Sprintf("37001450%02d", i)); words.VI != "" {
			t.Fatalf("after %d: %s", i+1, words.VI)
		}
	}
	if words := add(30, "3700145008-001"); words.VI != "" { // a branch of the ninth
		t.Fatalf("a second of one enterprise: %s", words.VI)
	}
	if words := add(10, ""); words.VI != "10 doanh nghiệp cùng ngành đã tự đánh giá: 4 nên bắt đầu, 4 đã có nền, 2 khá." {
		t.Errorf("%s", words.VI)
	}
}

// TestSessionStaysSmall looks at the session at the last question and after
// walking through the advice.
func TestSessionStaysSmall(t *testing.T) {
	s := openStage(t, 5)
	k := &taker{t: t, s: s, person: "web:an"}
	size := func() int {
		var raw []byte
		err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
			id, _, _, err := tx.Address("web:an")
			if err != nil {
				return err
			}
			session, err := tx.Session(id)
			if err != nil {
				return err
			}
			raw, err = session.AppendBinary(nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return len(raw)
	}
	k.say("/start check_wood")
	k.say("Đồng ý, bắt đầu")
	for range 26 {
		k.say("Chưa có")
	}
	at := size()
	if at > 400 {
		t.Errorf("after 26 answers the session has %d bytes", at)
	}
	k.say("Xem kết quả")
	told := size()
	k.say("Xem cách làm")
	if n := size(); n > 2500 || told > 3000 {
		t.Errorf("%d bytes after the result, %d after the first advice", told, n)
	}
	t.Logf("%d bytes after 26 answers, %d with the result, %d with an advice", at, told, size())
}

// TestWhatComesLaterRespectsARefusal: who says “dừng” after the check is asked
// nothing more about it; who said it before, and then agreed, is.
func TestWhatComesLaterRespectsARefusal(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before bool
		want   string
	}{{"refused after", false, ""}, {"refused before", true, "Ngày 24/11/2026"}} {
		t.Run(tt.name, func(t *testing.T) {
			s := openStage(t, 5)
			k := &taker{t: t, s: s, person: "web:an"}
			if tt.before {
				k.say("/dung")
				pass(t, s, time.Hour)
			}
			k.check("wood", "0", dialogs.Vietnamese)
			if !tt.before {
				k.say("/dung")
			}
			pass(t, s, 31*day)
			if said := told(t, s, "web:an"); tt.want == "" && said != "" || !strings.Contains(said, tt.want) {
				t.Errorf("told %q, want %q", said, tt.want)
			}
			pass(t, s, 31*day)
			if said := told(t, s, "web:an"); said != "" {
				t.Errorf("asked twice: %q", said)
			}
		})
	}
}

// TestDeletedCheckStaysNameless deletes a contact with a check, figures and a
// request: the numbers stay, nobody is named.
func TestDeletedCheckStaysNameless(t *testing.T) {
	s := openStage(t, 5)
	an := seated(t, s, "an", "Nguyễn")
	k := &taker{t: t, s: s, person: an}
	k.check("wood", "0", dialogs.Vietnamese)
	k.say("/moichuyengia")
	for _, text := range []string{"Đồng ý, tiếp tục", "Linh hoạt", "Không nhớ", "Hóa đơn lò sấy", "Xác nhận"} {
		k.say(text)
	}
	if !strings.Contains(k.said, "đã nhận lời mời số 1") {
		t.Fatalf("said %q", k.said)
	}
	raw := copyText(t, s, an)
	for _, want := range []string{`"need": "Hóa đơn lò sấy"`, `"sector": "wood"`, `"g1": "0"`} {
		if !strings.Contains(raw, want) {
			t.Errorf("the copy lacks %s", want)
		}
	}
	for _, text := range []string{"/riengtu", "Xóa tất cả", "Xóa tất cả"} {
		if err := s.Say(an, dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		a, ok, err := tx.Assessment(1)
		if err != nil || !ok || a.Contact != "" || a.Enterprise != "" || a.Answers["g1"] != "0" || a.Band != score.Start {
			t.Errorf("%+v, %v", a, err)
		}
		r, ok, err := tx.Request(1)
		if err != nil || !ok || r.State != programme.RequestDeclined || r.Enterprise != "" || r.Need != "" || r.Phone != "" {
			t.Errorf("%+v, %v", r, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	err = s.bot.store.Each(t.Context(), func(bucket string, k, v []byte) {
		if strings.Contains(string(v), "Công ty Nguyễn") && bucket != "registrations" && bucket != "classes" {
			t.Errorf("%s still names the enterprise under %q", bucket, k)
		}
	})
	if err != nil {
		t.Error(err)
	}
	pass(t, s, 200*day)
	if said := told(t, s, an); strings.Contains(said, "tự đánh giá") {
		t.Errorf("still asked: %q", said)
	}
}

// copyText is the copy of everything kept of a person.
func copyText(t *testing.T, s *Stage, person string) string {
	t.Helper()
	var raw []byte
	err := boltStore{s.bot.store}.View(t.Context(), func(tx Tx) error {
		id, _, _, err := tx.Address(person)
		if err != nil {
			return err
		}
		raw, err = s.bot.turns.desk.copyOf(tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
