package webchat

import (
	"strings"

	"sachhon/dialogs"
)

// askedLang is the language a newcomer is spoken to in: what the page was asked
// for, else Vietnamese. The browser's own preference says little here: many
// offices of people who read Vietnamese have machines set up in English, and
// the way to English stands in the header of the page.
func askedLang(asked string) dialogs.Lang {
	if lang, ok := knownLang(asked); ok {
		return lang
	}
	return dialogs.Vietnamese
}

func knownLang(s string) (dialogs.Lang, bool) {
	lang := dialogs.Lang(s)
	return lang, lang == dialogs.Vietnamese || lang == dialogs.English
}

// viLetters are those that Vietnamese writes and English does not.
const viLetters = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"

// textLang guesses the language of a text for screen readers; "" when the text
// is too short to tell. Only text of the bot itself is taken for English by
// its lack of marks: people type Vietnamese without them.
func textLang(text string, byBot bool) dialogs.Lang {
	if strings.ContainsAny(strings.ToLower(text), viLetters) {
		return dialogs.Vietnamese
	}
	if byBot && len(strings.Fields(text)) >= 4 {
		return dialogs.English
	}
	return ""
}
