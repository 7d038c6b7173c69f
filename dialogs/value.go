package dialogs

import (
	"strings"

	"sachhon/dialogs/wire"
)

// ValueKind says what an answer is.
type ValueKind uint8

// The kinds of values. The numbers are stored: never renumber.
const (
	// NoValue is the zero value: nothing was answered.
	NoValue      ValueKind = 0
	TextValue    ValueKind = 1 // free text
	ChoiceValue  ValueKind = 2 // Text is the choice's key
	ChoicesValue ValueKind = 3 // Text holds the keys, separated by \x1f
	NumberValue  ValueKind = 4 // Num, with Text as the unit
	DateValue    ValueKind = 5 // Text is the ISO date
	YesNoValue   ValueKind = 6 // Num is 1 or 0
	PhoneValue   ValueKind = 7 // Text is E.164; Num is 1 when the network vouched for it
	TaxValue     ValueKind = 8 // Text is 10 digits, or 10-3; Num is 1 when the check digit did not fit
	FileValue    ValueKind = 9 // Text is the media reference, name and type, separated by \x1f
	// UnknownValue is the honest answer "don't know".
	UnknownValue ValueKind = 10
	// NotApplicableValue is the honest answer "does not apply here".
	NotApplicableValue ValueKind = 11
	// SkippedValue means that the person chose to leave an optional question out.
	SkippedValue ValueKind = 12
	// BothValue is a wording in both languages, Vietnamese first, separated by
	// \x1f; actions put it into a talk.
	BothValue ValueKind = 13
	// ResultValue is the outcome of an action, by its key.
	ResultValue ValueKind = 14
)

const sep = "\x1f"

// Value is one answer, or one thing an action put into a talk. Values are
// comparable with ==.
type Value struct {
	Kind ValueKind
	Text string
	Num  float64
}

// TextOf returns a text value.
func TextOf(s string) Value { return Value{Kind: TextValue, Text: s} }

// ChoiceOf returns the value of a choice with this key.
func ChoiceOf(key string) Value { return Value{Kind: ChoiceValue, Text: key} }

// ChoicesOf returns the value of several choices.
func ChoicesOf(keys ...string) Value {
	return Value{Kind: ChoicesValue, Text: strings.Join(keys, sep)}
}

// BothOf returns a wording in both languages.
func BothOf(vi, en string) Value { return Value{Kind: BothValue, Text: vi + sep + en} }

// NumberOf returns a number with its unit.
func NumberOf(v float64, unit string) Value { return Value{Kind: NumberValue, Num: v, Text: unit} }

// Keys returns the keys of a choice or of several choices.
func (v Value) Keys() []string {
	if v.Text == "" || v.Kind != ChoiceValue && v.Kind != ChoicesValue {
		return nil
	}
	return strings.Split(v.Text, sep)
}

// Given says whether the value is a real answer with content: not missing, not
// skipped, not "don't know", not "does not apply".
func (v Value) Given() bool {
	switch v.Kind {
	case NoValue, SkippedValue, UnknownValue, NotApplicableValue:
		return false
	default:
		return true
	}
}

// AppendValue appends v to a record.
func AppendValue(b []byte, v Value) []byte {
	b = append(b, byte(v.Kind))
	switch v.Kind {
	case NoValue, UnknownValue, NotApplicableValue, SkippedValue:
		return b
	case YesNoValue:
		return wire.AppendBool(b, v.Num != 0)
	case NumberValue:
		b = wire.AppendFloat(b, v.Num)
	case PhoneValue, TaxValue:
		b = wire.AppendBool(b, v.Num != 0)
	}
	return wire.AppendString(b, v.Text)
}

// ReadValue reads what [AppendValue] wrote; a kind it does not know comes back
// as NoValue with its text dropped and damages the record.
func ReadValue(r *wire.Reader) Value {
	v := Value{Kind: ValueKind(r.Byte())}
	switch v.Kind {
	case NoValue, UnknownValue, NotApplicableValue, SkippedValue:
		return v
	case YesNoValue:
		v.Num = flag(r.Bool())
		return v
	case NumberValue:
		v.Num = r.Float()
	case PhoneValue, TaxValue:
		v.Num = flag(r.Bool())
	}
	v.Text = r.String()
	return v
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
