package dialogs_test

import (
	"testing"

	"sachhon/dialogs"
)

// newEngine returns an engine over flows, with a menu and the commands every
// library has. Wordings are their own keys, so that tests can look for them.
func newEngine(t testing.TB, flows ...*dialogs.Flow) *dialogs.Engine {
	t.Helper()
	lib, err := dialogs.NewLibrary(testContent(flows...))
	if err != nil {
		t.Fatal(err)
	}
	return dialogs.NewEngine(lib)
}

func testContent(flows ...*dialogs.Flow) dialogs.Content {
	c := dialogs.Content{Texts: map[string]dialogs.Text{}, Flows: append([]*dialogs.Flow{menuFlow(), languageFlow()}, flows...)}
	for _, key := range append(dialogs.TextKeys(), dialogs.ProblemKeys()...) {
		c.Texts[key] = dialogs.Text{VI: "[" + key + "]", EN: "[en " + key + "]"}
	}
	c.Texts["button.continue"] = dialogs.Text{VI: "Tiếp tục", EN: "Continue"}
	c.Texts["button.unknown"] = dialogs.Text{VI: "Không biết", EN: "Don't know"}
	c.Texts["button.na"] = dialogs.Text{VI: "Không áp dụng", EN: "Doesn't apply"}
	c.Texts["button.confirm"] = dialogs.Text{VI: "Xác nhận", EN: "Confirm"}
	c.Texts["button.edit"] = dialogs.Text{VI: "Sửa", EN: "Edit"}
	c.Texts["button.keep"] = dialogs.Text{VI: "Giữ “{answer}”", EN: "Keep “{answer}”"}
	c.Texts["button.yes"] = dialogs.Text{VI: "Có", EN: "Yes"}
	c.Texts["button.no"] = dialogs.Text{VI: "Không", EN: "No"}
	c.Texts["button.skip"] = dialogs.Text{VI: "Bỏ qua", EN: "Skip"}
	for _, cmd := range []struct{ key, name, word, flow string }{
		{"start", "start", "bắt đầu", "menu"}, {"menu", "menu", "menu", "menu"}, {"help", "trogiup", "trợ giúp", ""},
		{"back", "quaylai", "quay lại", ""}, {"cancel", "huy", "huỷ", ""}, {"stop", "dung", "dừng", ""},
		{"language", "ngonngu", "ngôn ngữ", "language"}, {"ask", "hoi", "hỏi", "menu"},
	} {
		c.Commands = append(c.Commands, dialogs.Command{Key: cmd.key, Names: []string{cmd.name}, Words: []string{cmd.word},
			Label: dialogs.Text{VI: cmd.word, EN: cmd.name}, About: dialogs.Text{VI: cmd.word, EN: cmd.name}, Flow: cmd.flow})
	}
	if len(flows) > 0 {
		last := flows[len(flows)-1].Key
		c.Commands = append(c.Commands, dialogs.Command{Key: "go", Names: []string{"vao"}, Words: []string{"vào việc"}, Flow: last})
		c.Entries = []dialogs.Entry{{Prefix: "check", Flow: last, Into: "sector"}}
	}
	return c
}

func menuFlow() *dialogs.Flow {
	return &dialogs.Flow{Key: "menu", Hash: 7, Transient: true, Title: dialogs.Text{VI: "Menu", EN: "Menu"}, Nodes: []*dialogs.Node{{
		Key: "menu", Kind: dialogs.AskNode, Text: dialogs.Text{VI: "Anh/chị cần gì?", EN: "What do you need?"},
		Question: &dialogs.Question{Type: dialogs.TypeChoice, From: "parked", Choices: []dialogs.Choice{
			{Key: "help", Label: dialogs.Text{VI: "Xem trợ giúp", EN: "See help"}, Next: "/trogiup"},
		}},
	}}}
}

func languageFlow() *dialogs.Flow {
	return &dialogs.Flow{Key: "language", Hash: 8, Transient: true, Title: dialogs.Text{VI: "Ngôn ngữ", EN: "Language"}, Nodes: []*dialogs.Node{{
		Key: "lang", Kind: dialogs.AskNode, Text: dialogs.Text{VI: "Tiếng gì?", EN: "Which language?"},
		Question: &dialogs.Question{Type: dialogs.TypeChoice, Choices: []dialogs.Choice{
			{Key: "vi", Label: dialogs.Text{VI: "Tiếng Việt", EN: "Tiếng Việt"}, Next: "/ngonngu vi"},
			{Key: "en", Label: dialogs.Text{VI: "English", EN: "English"}, Next: "/ngonngu en"},
		}},
	}}}
}
