package dialogs

import (
	"strings"
	"time"

	"sachhon/dialogs/answer"
)

// read understands typed words as an answer of the question's type.
func read(q *Question, text string, now time.Time) ([]Value, answer.Problem) {
	switch q.Type {
	case TypeName:
		return readings(answer.Name(text), TextOf)
	case TypePhone:
		return readings(answer.Phone(text), func(s string) Value { return Value{Kind: PhoneValue, Text: s} })
	case TypeEmail:
		return readings(answer.Email(text), TextOf)
	case TypeTaxCode:
		r := answer.TaxCode(text)
		return readings(r, func(s string) Value {
			return Value{Kind: TaxValue, Text: s, Num: flag(r.Problem == answer.ProblemTaxCheck)}
		})
	case TypeInteger:
		return readings(answer.Integer(text), func(n answer.Number) Value { return numberIn(q, n) })
	case TypeDecimal:
		return readings(answer.Decimal(text), func(n answer.Number) Value { return numberIn(q, n) })
	case TypeDate:
		today := answer.Day{Year: now.Year(), Month: now.Month(), Day: now.Day()}
		return readings(answer.Date(text, today), func(d answer.Day) Value { return Value{Kind: DateValue, Text: d.String()} })
	case TypeYesNo:
		return readings(answer.YesNo(text), func(yes bool) Value { return Value{Kind: YesNoValue, Num: flag(yes)} })
	case TypeFile:
		return nil, answer.ProblemFile
	default:
		return readText(text)
	}
}

func numberIn(q *Question, n answer.Number) Value {
	if n.Unit != "" && q.Unit == "" {
		return NumberOf(n.Value, n.Unit)
	}
	return NumberOf(n.Value*unitScale(n.Unit, q.Unit), q.Unit)
}

// unitScale is what a number written in one unit is multiplied by to be one of
// another; 1 where that is not known.
func unitScale(from, to string) float64 {
	unit, _, _ := strings.Cut(strings.ToLower(from), "/")
	switch strings.TrimSpace(unit) + ">" + to {
	case "mwh>kWh":
		return 1000
	case "gwh>kWh":
		return 1e6
	case "lít>m³", "lit>m³", "l>m³", "litres>m³", "liters>m³":
		return 0.001
	default:
		return 1
	}
}

func readText(text string) ([]Value, answer.Problem) {
	if text == "" {
		return nil, answer.ProblemEmpty
	}
	if _, cut := clip(text, maxAnswer); cut {
		return nil, answer.ProblemTooLong
	}
	return []Value{TextOf(text)}, ""
}

func readings[T any](r answer.Result[T], value func(T) Value) ([]Value, answer.Problem) {
	if len(r.Candidates) == 0 {
		return nil, r.Problem
	}
	values := make([]Value, len(r.Candidates))
	for i, c := range r.Candidates {
		values[i] = value(c)
	}
	return values, r.Problem
}
