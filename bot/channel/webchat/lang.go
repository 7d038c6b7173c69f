package webchat

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"sachhon/dialogs"
)

// askedLang is the language a newcomer is spoken to in: what the page was asked
// for, else what the browser prefers.
func askedLang(r *http.Request, asked string) dialogs.Lang {
	if lang, ok := knownLang(asked); ok {
		return lang
	}
	return preferredLang(r.Header.Get("Accept-Language"))
}

func knownLang(s string) (dialogs.Lang, bool) {
	lang := dialogs.Lang(s)
	return lang, lang == dialogs.Vietnamese || lang == dialogs.English
}

// preferredLang reads an Accept-Language header. It is English only where that
// is clearly preferred: browsers set up in English by people who read
// Vietnamese name both.
func preferredLang(header string) dialogs.Lang {
	tags, weights, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return dialogs.Vietnamese
	}
	var vi, en float32
	for i, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "vi":
			vi = max(vi, weights[i])
		case "en":
			en = max(en, weights[i])
		}
	}
	if en > 0 && en >= 2*vi {
		return dialogs.English
	}
	return dialogs.Vietnamese
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
