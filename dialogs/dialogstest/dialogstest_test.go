package dialogstest_test

import (
	"strings"
	"testing"

	"sachhon/dialogs"
	"sachhon/dialogs/dialogstest"
)

// library returns a small conversation: a question, an action, an end.
func library(t testing.TB) *dialogs.Library {
	t.Helper()
	both := func(vi, en string) dialogs.Text { return dialogs.Text{VI: vi, EN: en} }
	c := dialogs.Content{Texts: map[string]dialogs.Text{}}
	for _, key := range append(dialogs.TextKeys(), dialogs.ProblemKeys()...) {
		c.Texts[key] = both("["+key+"]", "[en "+key+"]")
	}
	c.Texts["button.cancel"] = both("Thôi", "Leave")
	c.Texts["class.seats.left"] = both("Còn {n} chỗ", "{n} seats left")
	c.Flows = []*dialogs.Flow{
		{Key: "menu", Hash: 1, Transient: true, Title: both("Menu", "Menu"), Nodes: []*dialogs.Node{{
			Key: "menu", Kind: dialogs.AskNode, Text: both("Gì ạ?", "What?"),
			Question: &dialogs.Question{Type: dialogs.TypeChoice, Choices: []dialogs.Choice{{Key: "go", Label: both("Vào lớp", "Go in"), Next: "/vao"}}},
		}}},
		{Key: "go", Hash: 2, Title: both("Lớp", "Class"), Nodes: []*dialogs.Node{
			{Key: "find", Kind: dialogs.DoNode, Do: "class.find", On: map[string]string{"one": "name"}},
			{Key: "name", Kind: dialogs.AskNode, Text: both("**{class_title}**\n{class_when}\n{class_seats_left}\nHọ và tên?", "{class_title} {class_when} {class_seats_left} Name?"),
				Question: &dialogs.Question{Type: dialogs.TypeName}},
			{Key: "end", Kind: dialogs.EndNode, Text: both("Chào {name}", "Hello {name}")},
		}},
	}
	for _, cmd := range []struct{ key, name, flow string }{
		{"start", "start", "menu"}, {"menu", "menu", "menu"}, {"help", "trogiup", ""}, {"back", "quaylai", ""}, {"cancel", "huy", ""},
		{"stop", "dung", ""}, {"language", "ngonngu", "menu"}, {"ask", "hoi", "menu"}, {"go", "vao", "go"},
	} {
		c.Commands = append(c.Commands, dialogs.Command{Key: cmd.key, Names: []string{cmd.name}, Label: both(cmd.name, cmd.name), Flow: cmd.flow})
	}
	lib, err := dialogs.NewLibrary(c)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

const scene = `now: 2026-11-24T09:00
class: id=7f3k title="Sấy gỗ" title-en="Drying wood" starts=2026-12-10T08:00 ends=2026-12-10T16:30 venue="Hội trường" seats=12
outcome: class.find = one class=7f3k
`

func play(t *testing.T, script string) string {
	t.Helper()
	s, err := dialogstest.Parse("t.txt", strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	push := func(key string, lang dialogs.Lang, values map[string]dialogs.Text) (dialogs.Message, []dialogs.Option, error) {
		m := dialogs.Message{Text: "Tin: " + values["x"].In(lang), Buttons: [][]dialogs.Button{{{ID: "/vao", Label: "Vào"}}}}
		return m, []dialogs.Option{{Key: "/vao", Label: dialogs.Text{VI: "Vào", EN: "In"}}}, nil
	}
	diff, err := dialogstest.Play(s, dialogstest.NewEngine(dialogs.NewEngine(library(t)), push))
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

func TestPlayAcceptsWhatWasSaid(t *testing.T) {
	for name, script := range map[string]string{
		"every line":           scene + "> /menu\n< Gì ạ?\n  [Vào lớp]\n> [Vào lớp]\n< **Sấy gỗ**\n  thứ Năm, 10/12/2026, 8:00–16:30\n  Còn 12 chỗ\n  Họ và tên?\n> Trần Văn Dũng\n< Chào Trần Văn Dũng\n",
		"dots and holes":       scene + "> /vao\n< **…\n  …\n  Họ và tên?\n> Trần Văn Dũng\n< Chào {ho} {dem} {ten}\n",
		"anything":             scene + "> /vao\n< …\n",
		"the way back written": scene + "> /vao\n< …\n  Họ và tên?\n  [Thôi]\n",
		"english":              "lang: en\n" + scene + "> /vao\n< Drying wood Thu 10 Dec 2026, 8:00 am – 4:30 pm 12 seats left Name?\n",
		"somebody else":        scene + "> /menu\n< …\nas: web:binh\n> /menu\n< …\n",
		"pushed and typed":     scene + "pushed: web:an news x=\"Mới\"\n< Tin: Mới\n  [Vào]\n> vao\n< …\n",
	} {
		if diff := play(t, script); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPlayTellsWhatDiffers(t *testing.T) {
	for _, tt := range []struct{ name, script, want string }{
		{"another word", "> /menu\n< Gì?\n  [Vào lớp]\n", "t.txt:2: written:\n< Gì?\n  [Vào lớp]\nsaid:\n< Gì ạ?\n  [Vào lớp]"},
		{"a line more", "> /menu\n< Gì ạ?\n  Nữa\n  [Vào lớp]\n", "t.txt:2: written:"},
		{"a button less", "> /menu\n< Gì ạ?\n", "t.txt:2: written:"},
		{"a button more", "> /menu\n< Gì ạ?\n  [Vào lớp] [Ra]\n", "t.txt:2: written:"},
		{"a file that did not come", "> /menu\n< Gì ạ?\n  📎 {ten}\n  [Vào lớp]\n", "t.txt:2: written:"},
		{"a message that did not come", "> /menu\n< …\n< …\n", "t.txt:3: this is written, and nothing was said"},
		{"a message not written", "> /menu\n> /menu\n", "t.txt:2: this was said, and is not written:\n< Gì ạ?"},
		{"the last message not written", "> /menu\n", "t.txt: at the end: this was said"},
		{"a button that is not there", "> /menu\n< …\n> [Ra]\n", "t.txt:3: there is no button [Ra] to press"},
	} {
		if diff := play(t, tt.script); !strings.HasPrefix(diff, tt.want) {
			t.Errorf("%s: want %q, got %q", tt.name, tt.want, diff)
		}
	}
}

func TestAnActionWithoutOutcomeIsAnError(t *testing.T) {
	s, err := dialogstest.Parse("t.txt", strings.NewReader("> /vao\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = dialogstest.Play(s, dialogstest.NewEngine(dialogs.NewEngine(library(t)), nil))
	if err == nil || !strings.Contains(err.Error(), "outcome: class.find = …") {
		t.Error(err)
	}
}

func TestParseNamesTheLine(t *testing.T) {
	for script, want := range map[string]string{
		"\n\nhello":                     "t.txt:3: start the line with",
		"  indented":                    "t.txt:1: an indented line belongs to a message",
		"> ":                            "t.txt:1: write what the person says",
		"> ☎":                           "t.txt:1: write the number after ☎",
		"< a\n  [B]\n  c":               "t.txt:3: the buttons come last",
		"now: today":                    "t.txt:1: \"today\" is not a time",
		"later: soon":                   "t.txt:1: \"soon\" is not a length of time",
		"lang: fr":                      "t.txt:1: lang is vi or en",
		"as: an":                        "t.txt:1: write the person as channel:name",
		"color: red":                    "t.txt:1: there is no line “color:”",
		"class: id=a":                   "t.txt:1: a class needs",
		"class: id=a colour=red":        "t.txt:1: a class has no \"colour\"",
		"class: title=\"a":              "t.txt:1: the quotes of title are not closed",
		"outcome: class.find":           "t.txt:1: write it like: outcome:",
		"outcome: a = b c":              "t.txt:1: write name=value",
		"pushed: web:an":                "t.txt:1: write it like: pushed:",
		"> \xff":                        "t.txt:1: this line is not UTF-8",
		"> " + strings.Repeat("a", 1e5): "t.txt:1: read transcript",
	} {
		if _, err := dialogstest.Parse("t.txt", strings.NewReader(script)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.30q: want %q, got %v", script, want, err)
		}
	}
}

// FuzzParse holds that any text is read or refused with a line, and that what
// was read can be played without a panic.
func FuzzParse(f *testing.F) {
	f.Add(scene + "as: web:an\nlater: 3d\n> /vao\n< **…\n  {a}\n  📎 x\n  [A] …\n> [A]\n> ☎ 0912\npushed: web:an news x=\"a|b\"\n# end")
	f.Add("> a\n< …\n  …\n  [B]")
	lib := library(f)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := dialogstest.Parse("t.txt", strings.NewReader(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "t.txt:") {
				t.Error(err)
			}
			return
		}
		dialogstest.Play(s, dialogstest.NewEngine(dialogs.NewEngine(lib), nil))
	})
}
