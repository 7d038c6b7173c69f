package console

import (
	"strings"
	"testing"

	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// TestEveryRefusalIsSaidInBothLanguages wants no code of the rules forgotten.
func TestEveryRefusalIsSaidInBothLanguages(t *testing.T) {
	for _, code := range programme.Codes() {
		words := problemWords(programme.Problem{Code: code})
		if words.VI == "" || words.EN == "" || words.VI == words.EN {
			t.Errorf("%s is said as %+v", code, words)
		}
	}
}

func TestLanguageOfARequest(t *testing.T) {
	for header, want := range map[string]dialogs.Lang{
		"": dialogs.English, "vi": dialogs.Vietnamese, "vi-VN,vi;q=0.9,en;q=0.8": dialogs.Vietnamese, "en;q=0.9,vi;q=0.8": dialogs.English,
		"fr,vi;q=0.2": dialogs.Vietnamese, "ja": dialogs.English, "*": dialogs.English, "vi;q=x": dialogs.English,
	} {
		if got := langOf(header); got != want {
			t.Errorf("%q is read as %s, want %s", header, got, want)
		}
	}
}

// TestFieldWordsAreTranslated keeps the table in step with huma's own words.
func TestFieldWordsAreTranslated(t *testing.T) {
	for english, want := range map[string]string{
		"unexpected property":                            "không có trường",
		"expected required property venue to be present": "thiếu trường venue",
		`expected value to be one of "open, closed"`:     "phải là một trong: open, closed",
		"expected number <= 200":                         "không được quá 200",
		"something that huma has never said until today": "something that huma",
	} {
		if got := fieldWords(english, dialogs.Vietnamese); !strings.HasPrefix(got, want) {
			t.Errorf("%q is said as %q", english, got)
		}
	}
}
