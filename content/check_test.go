package content_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"sachhon/content"
	"sachhon/dialogs"
)

// folder is a copy of the embedded content that a test may spoil.
func folder(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(content.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(content.Embedded(), name)
		m[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCheckNamesEverySlip spoils one place of the embedded content at a time
// and looks for the problem that tells of it, at its line.
func TestCheckNamesEverySlip(t *testing.T) {
	for _, tt := range []struct{ slip, file, old, new, want string }{
		{"not YAML", "flows/menu.yaml", "nodes:", "nodes: [", "error: this is not YAML"},
		{"unknown key", "flows/menu.yaml", "transient: true", "transent: true", "error: a flow does not know “transent”: did you mean “transient”?"},
		{"unknown kind of node", "flows/menu.yaml", "    choose:", "    chose:", "error: a node does not know “chose”: did you mean “choose”?"},
		{"two things in a node", "flows/start.yaml", "    do: centre.contact", "    do: centre.contact\n    call: menu", "error: a node does one thing"},
		{"unknown type", "flows/register.yaml", "type: taxcode", "type: taxcod", "error: a question's type does not know “taxcod”: did you mean “taxcode”?"},
		{"way to nowhere", "flows/register.yaml", "next: content,", "next: contents,", "error: “intro” leads to “contents”, which is not there: did you mean “content”?"},
		{"command that is not there", "flows/menu.yaml", "next: /dangky", "next: /dangki", "error: “menu” leads to “/dangki”, which is not there"},
		{"key too long", "flows/menu.yaml", "- key: menu", "- key: menu_of_all_that_can_be_done", "error: “menu_of_all_that_can_be_done” cannot be a key"},
		{"key used twice", "flows/register.yaml", "- key: find_mate", "- key: find", "error: the key “find” is used twice"},
		{"choice used twice", "flows/menu.yaml", "{key: me,", "{key: ask,", "error: two choices have the key “ask”"},
		{"no English", "flows/menu.yaml", "title: {vi: Menu, en: Menu}", "title: {vi: Menu}", "error: the English text is missing"},
		{"no Vietnamese", "flows/menu.yaml", "title: {vi: Menu, en: Menu}", "title: {en: Menu}", "error: the Vietnamese text is missing"},
		{"unreadable condition", "flows/register.yaml", "given(mate_class), next", "given(mate_class, next", "error: the condition"},
		{"unknown action", "flows/start.yaml", "centre.contact", "centre.contacts", "error: the programme does not know “centre.contacts”: did you mean “centre.contact”?"},
		{"outcome not handled", "flows/register.yaml", "some: pick, none: no_class", "some: pick", "error: what happens when class.list comes to “none” is not said: add “none: node” to on:"},
		{"outcome that never comes", "flows/start.yaml", "{ok: hello}", "{ok: hello, nope: hello}", "error: centre.contact never comes to “nope”"},
		{"argument missing", "flows/register.yaml", "      role: \"{role}{mate_role}\"\n", "", "error: class.register needs “role”"},
		{"argument unknown", "flows/register.yaml", "      role: \"{role}{mate_role}\"", "      role: \"{role}\"\n      colour: green", "error: class.register takes no “colour”"},
		{"placeholder of nothing", "flows/register.yaml", "{class_seats_left}", "{class_seats}", "error: nothing provides “class_seats” for {class_seats}"},
		{"fact nobody asks for", "flows/register.yaml", "{class_seats_left}", "{known.shoe}", "error: no question asks for the fact “shoe”"},
		{"name in a condition", "flows/register.yaml", "relevant: who == 'colleague'", "relevant: whom == 'colleague'", "error: nothing provides “whom” for the condition"},
		{"value over a key", "flows/register.yaml", "- key: job", "- key: position", "error: the key “position” is also what class.register puts into the talk"},
		{"personal data before consent", "flows/register.yaml", "next: consent}\n      - {key: content", "next: person}\n      - {key: content", "error: “name” asks for personal data before the person agreed"},
		{"consent to nothing known", "flows/register.yaml", "consent: class", "consent: classes", "error: consent does not know “classes”: did you mean “class”?"},
		{"nobody gets there", "flows/register.yaml", "quota: quota_full", "quota: closed", "warning: nobody gets to “quota_full”"},
		{"nobody gets out", "flows/ask.yaml", "    from: parked\n", "    next: next\n    relevant: \"true\"\n  - key: never\n    choose: {vi: A, en: B}\n", "error: from “next” nobody gets out"},
		{"circle", "flows/privacy.yaml", "on: {ok: kept}", "on: {ok: show}", "error: “show” leads back to itself without a question between"},
		{"hoà for hòa", "texts/engine.yaml", "Nguyễn Thị Hòa\", en", "Nguyễn Thị Hoà\", en", "warning: the tone mark of “hoà” stands on the wrong letter: write “hòa”"},
		{"letters and marks apart", "flows/menu.yaml", "Anh/chị cần", "Anh/chi\u0323 cần", "error: the letters and their marks are stored apart"},
		{"three dots", "flows/menu.yaml", "việc gì?", "việc gì...", "warning: three dots"},
		{"hyphen for a range", "flows/menu.yaml", "việc gì?", "việc gì trong 2-3 ngày?", "warning: a hyphen between numbers"},
		{"emoji within a line", "flows/menu.yaml", "việc gì?", "việc gì ✅?", "warning: ✅ stands within a line"},
		{"button OK", "texts/engine.yaml", "en: Done}", "en: OK}", "warning: the button “OK” does not say what happens"},
		{"scolding", "texts/answers.yaml", "I didn't get any words.", "Invalid answer.", "warning: “Invalid” scolds"},
		{"other word for a term", "flows/menu.yaml", "Đăng ký lớp", "Đăng ký khóa học", "warning: “khóa học” stands for “lớp”"},
		{"long button", "flows/menu.yaml", "vi: Đăng ký lớp", "vi: Đăng ký một lớp tập huấn của Trung tâm", "warning: the button"},
		{"long message", "flows/menu.yaml", "Anh/chị cần việc gì?", strings.Repeat("dài quá ", 60), "warning: the message has"},
		{"far too long message", "flows/menu.yaml", "Anh/chị cần việc gì?", strings.Repeat("dài quá ", 130), "error: the message has"},
		{"value in one language", "flows/ask.yaml", "call {centre_phone}", "call us", "warning: {centre_phone} is in the Vietnamese text only"},
		{"text missing", "texts/engine.yaml", "button.edit: {vi: Sửa, en: Edit}\n", "", "error: the text “button.edit” is missing"},
		{"problem without words", "texts/answers.yaml", "problem.tax.personal:", "# problem.tax.personal:", "error: there are no words for answers with “tax.personal”"},
		{"text nobody says", "texts/engine.yaml", "button.edit:", "button.edti:", "error: texts does not know “button.edti”: did you mean “button.edit”?"},
		{"push missing", "pushes.yaml", "key: moved_up", "key: moved", "error: the bot does not know “moved”"},
		{"push with a value it has not", "pushes.yaml", "{hold_until};", "{position};", "error: nothing provides {position} here"},
		{"word of two commands", "commands.yaml", "words: [mẹo,", "words: [đánh giá, mẹo,", "error: “đánh giá” is said for “selfcheck” too"},
		{"command name with marks", "commands.yaml", "names: [meo, tips]", "names: [mẹo, tips]", "error: “/mẹo” cannot be typed on every keyboard"},
		{"command without a flow", "commands.yaml", "    flow: tips\n", "    flow: tip\n", "error: the command “tips” starts the flow “tip”, which is not there"},
		{"transcript", "transcripts/menu.txt", "> xin chào", "xin chào", "error: start the line with “>”"},
		{"day off that is no date", "holidays.yaml", "tet: 6/2/2027", "tet: 30/2/2027", "error: “30/2/2027” is not a date"},
		{"day off of another year", "holidays.yaml", "tet: 6/2/2027", "tet: 6/2/2026", "error: 6/2/2026 is not in 2027"},
		{"Chinese calendar", "holidays.yaml", "tet: 2/2/2030", "tet: 3/2/2030", "warning: by the Vietnamese calendar this day is 2/2/2030 in 2030"},
		{"no such day", "holidays.yaml", "on: 30/4", "on: 31/4", "error: “31/4” is not a day of the year"},
		{"year twice", "holidays.yaml", "year: 2027, tet: 6/2/2027, hung_kings: 16/4/2027", "year: 2026", "error: the year 2026 is there twice"},
		{"neither before nor after", "holidays.yaml", "pair: after", "pair: afer", "error: “pair: afer” is neither before nor after"},
		{"push that is not there", "campaigns.yaml", "push: class_feedback", "push: class_feedbak", "error: there is no message “class_feedbak” in pushes.yaml: did you mean “class_feedback”?"},
		{"distance that cannot be read", "campaigns.yaml", "after: 30d", "after: a month", "error: “after: a month” is not a distance in time"},
		{"hours beyond a day", "campaigns.yaml", `after: 1d, at: "9:00"`, "after: 36h", "error: “36h” is a day or more"},
		{"hour at which nothing leaves", "campaigns.yaml", `at: "9:00", within: 5d, push: class_feedback`, `at: "21:30", within: 10h, push: class_feedback`, "error: at 21:30 nothing is sent that nobody waits for, and by 8:00 it would be too late"},
		{"hour after hours", "campaigns.yaml", "after: 1d", "after: 5h", "error: hours after the event and an hour of the day exclude each other"},
		{"no such hour", "campaigns.yaml", `"9:00"`, `"25:00"`, "error: “25:00” is not an hour"},
		{"key of another point", "campaigns.yaml", "key: follow_up,", "key: follow_up, was: [feedback],", "error: the key “feedback” is or was that of another point of this campaign"},
		{"campaign about nothing", "campaigns.yaml", "    about: class\n", "    about: clas\n", "error: “about” does not know “clas”: did you mean “class”?"},
		{"campaign about a self-check", "campaigns.yaml", "    about: class\n", "    about: selfcheck\n", "error: “about” does not know “selfcheck”"},
		{"purpose left out", "campaigns.yaml", "    purpose: class\n", "", "error: “purpose” is missing"},
		{"sector misspelt", "campaigns.yaml", "sectors: [wood]}\n  - {key: tob", "sectors: [wod]}\n  - {key: tob", "error: “sectors” does not know “wod”: did you mean “wood”?"},
		{"leaflet that is none", "campaigns.yaml", "leaflet: l3", "leaflet: l33", "error: there is no leaflet “l33” in leaflets/: did you mean “l3”?"},
		{"place used twice", "places/wards.yaml", `"25750"`, `"25747"`, "error: the key “25747” is used twice"},
	} {
		t.Run(tt.slip, func(t *testing.T) {
			m := folder(t)
			before := string(m[tt.file].Data)
			after := strings.Replace(before, tt.old, tt.new, 1)
			if after == before {
				t.Fatalf("%s does not hold %q", tt.file, tt.old)
			}
			m[tt.file].Data = []byte(after)
			var all []string
			for _, p := range content.Check(m) {
				if s := p.String(); strings.Contains(s, tt.want) && (p.File == tt.file && p.Line > 0 || p.Line == 0) {
					return
				}
				all = append(all, p.String())
			}
			t.Errorf("want %q, got\n%s", tt.want, strings.Join(all, "\n"))
		})
	}
}

func TestProblemNamesFileLineColumn(t *testing.T) {
	m := folder(t)
	m["flows/menu.yaml"].Data = []byte("flow: menu\ntitle: {vi: Menu, en: Menu}\nnodes:\n  - key: menu\n    choose: {vi: Gì?, en: What?}\n    choises: []\n")
	_, problems := content.Load(m)
	for _, p := range problems {
		if p.String() == "flows/menu.yaml:6:5: error: a node with “choose” does not know “choises”: did you mean “choices”?" {
			return
		}
	}
	t.Error(problems)
}

func TestLoadOfNothing(t *testing.T) {
	set, problems := content.Load(fstest.MapFS{})
	if set != nil || len(problems) != 1 || !strings.Contains(problems[0].Do, "content export") {
		t.Error(set, problems)
	}
}

func TestHashIgnoresCommentsAndSpacing(t *testing.T) {
	hash := func(m fs.FS) dialogs.Hash {
		set, problems := content.Load(m)
		if set == nil {
			t.Fatal(problems)
		}
		f, _ := set.Library.Flow("menu")
		return f.Hash
	}
	m := folder(t)
	before := hash(m)
	menu := m["flows/menu.yaml"]
	menu.Data = []byte("# a comment\n" + strings.ReplaceAll(string(menu.Data), "nodes:\n", "nodes:\n\n  # another\n"))
	if hash(m) != before {
		t.Error("a comment changed the hash")
	}
	menu.Data = []byte(strings.ReplaceAll(string(menu.Data), "Anh/chị cần việc gì?", "Anh/chị cần gì?"))
	if hash(m) == before {
		t.Error("another wording left the hash as it was")
	}
}

func TestVersionFollowsEveryFile(t *testing.T) {
	m := folder(t)
	before, _ := content.Load(m)
	m["transcripts/menu.txt"].Data = append(m["transcripts/menu.txt"].Data, '\n')
	after, _ := content.Load(m)
	if before.Version == after.Version || len(after.Version) != 12 {
		t.Error(before.Version, after.Version)
	}
}

func TestExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	if err := content.Export(content.Embedded(), dir); err != nil {
		t.Fatal(err)
	}
	again, problems := content.Load(os.DirFS(dir))
	if again == nil {
		t.Fatal(problems)
	}
	if set := embedded(t); again.Version != set.Version {
		t.Error("the exported content is another one")
	}
	if err := content.Export(content.Embedded(), dir); !errors.Is(err, content.ErrNotEmpty) {
		t.Error(err)
	}
}

func TestPushLeavesEmptyLinesOut(t *testing.T) {
	p, ok := embedded(t).Push("offered")
	if !ok {
		t.Fatal("no push")
	}
	values := map[string]dialogs.Text{"class_title": {VI: "Gỗ **sạch**", EN: "Wood"}, "attendee": {VI: "An"}, "registration": {VI: "7F3K-001"},
		"code": {VI: "7F3K001"}, "hold_until": {VI: "9:00"}}
	m := p.Message(dialogs.Vietnamese, values)
	want := "Lớp **Gỗ sạch** vừa có chỗ cho An. Mã: 7F3K-001\n⏰ Trung tâm giữ chỗ đến 9:00; quá giờ, chỗ chuyển cho người kế tiếp."
	if m.Text != want || m.Format != dialogs.Marked {
		t.Errorf("%q", m.Text)
	}
	if m.Buttons[0][0].ID != "/start take_7F3K001" || p.Offers(values)[0].Key != "/start take_7F3K001" {
		t.Error(m.Buttons, p.Offers(values))
	}
}

func TestWards(t *testing.T) {
	set := embedded(t)
	list := set.Library.Places("wards")
	wards := 0
	for _, p := range list {
		if strings.HasPrefix(p.Label.VI, "P. ") {
			wards++
		}
		if set.Area(p.Key) == "" {
			t.Error(p.Label.VI, "belongs to no former district")
		}
	}
	if len(list) != 36 || wards != 24 {
		t.Errorf("%d units, %d of them wards; the resolution has 36 and 24", len(list), wards)
	}
}

// FuzzFlow holds that no file, however broken, makes loading fail otherwise
// than with problems.
func FuzzFlow(f *testing.F) {
	for _, name := range []string{"flows/register.yaml", "flows/menu.yaml", "commands.yaml", "holidays.yaml", "campaigns.yaml"} {
		b, err := fs.ReadFile(content.Embedded(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("flow: x\nnodes: &a\n  - *a\n")
	f.Add("a: [")
	f.Add("flow: {x: y}\ntitle: [1]\nnodes: {a: 1}")
	f.Fuzz(func(t *testing.T, text string) {
		m := fstest.MapFS{"flows/zz.yaml": {Data: []byte(text)}}
		for _, name := range []string{"commands.yaml", "pushes.yaml", "holidays.yaml", "campaigns.yaml"} {
			m[name] = &fstest.MapFile{Data: []byte(text)}
		}
		for _, p := range content.Check(m) {
			if p.What == "" || p.Do == "" || p.File == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
