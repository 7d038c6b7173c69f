package dialogs

// Lang is a language the bot speaks.
type Lang string

// The languages of the product. Vietnamese is the default and the fallback.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// ParseLang returns the language a tag such as "vi-VN" or "en" names, and
// Vietnamese for anything that is not English.
func ParseLang(tag string) Lang {
	if len(tag) >= 2 && (tag[0]|0x20) == 'e' && (tag[1]|0x20) == 'n' {
		return English
	}
	return Vietnamese
}

// Text is one thing said in both languages. The zero Text says nothing.
type Text struct {
	VI string `yaml:"vi" json:"vi"`
	EN string `yaml:"en" json:"en"`
}

// In returns the text in lang, or the Vietnamese one where lang has none.
func (t Text) In(lang Lang) string {
	if lang == English && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// Empty says whether there is nothing to say in any language.
func (t Text) Empty() bool { return t.VI == "" && t.EN == "" }
