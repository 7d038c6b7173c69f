package dialogstest

import (
	"fmt"
	"strconv"
	"strings"

	"sachhon/dialogs"
)

// pair is one name=value of a line; quoted says that the value stood in quotes.
type pair struct {
	name, value string
	quoted      bool
}

// pairs reads name=value name="some words" …; \n within quotes begins a new line.
func pairs(s string) ([]pair, error) {
	var list []pair
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		name, rest, ok := strings.Cut(s, "=")
		if !ok || name == "" || strings.ContainsAny(name, " \"") {
			return nil, fmt.Errorf("write name=value or name=\"some words\", not %q", s)
		}
		p := pair{name: name}
		if strings.HasPrefix(rest, `"`) {
			p.quoted = true
			if p.value, s, ok = strings.Cut(rest[1:], `"`); !ok {
				return nil, fmt.Errorf("the quotes of %s are not closed", name)
			}
			p.value = strings.ReplaceAll(p.value, `\n`, "\n")
		} else {
			p.value, s, _ = strings.Cut(rest, " ")
		}
		list = append(list, p)
	}
	return list, nil
}

func (p *parser) class(value string) error {
	list, err := pairs(value)
	if err != nil {
		return err
	}
	c := &Class{}
	for _, kv := range list {
		if err := c.set(kv.name, kv.value); err != nil {
			return err
		}
	}
	if c.ID == "" || c.Title == "" || c.Starts.IsZero() || !c.Ends.After(c.Starts) || c.Seats < 1 {
		return fmt.Errorf("a class needs id, title, starts, a later ends, venue and seats")
	}
	p.add(Step{Class: c})
	return nil
}

func (c *Class) set(name, value string) (err error) {
	switch name {
	case "id":
		c.ID = value
	case "title":
		c.Title = value
	case "title-en":
		c.TitleEN = value
	case "venue":
		c.Venue = value
	case "content":
		c.Content = value
	case "starts":
		c.Starts, err = when(value)
	case "ends":
		c.Ends, err = when(value)
	case "seats":
		c.Seats, err = strconv.Atoi(value)
	case "per-enterprise":
		c.PerEnterprise, err = strconv.Atoi(value)
	default:
		err = fmt.Errorf("a class has no %q", name)
	}
	return err
}

// outcome reads “action = result name=value …”. A value without quotes that is
// a whole number is one; a value with | in it is Vietnamese|English. option
// and file add a choice (key|vi|en) and a document.
func (p *parser) outcome(value string) error {
	action, rest, ok := strings.Cut(value, "=")
	result, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	action = strings.TrimSpace(action)
	if !ok || action == "" || result == "" || strings.ContainsAny(action, " \"") {
		return fmt.Errorf("write it like: outcome: class.find = one class=7f3k")
	}
	list, err := pairs(rest)
	if err != nil {
		return err
	}
	out := &Outcome{Action: action, Result: result}
	for _, kv := range list {
		switch kv.name {
		case "option":
			parts := strings.SplitN(kv.value+"||", "|", 4)
			out.Options = append(out.Options, dialogs.Option{Key: parts[0], Label: dialogs.Text{VI: parts[1], EN: parts[2]}})
		case "file":
			out.Media = append(out.Media, dialogs.Media{Kind: dialogs.Document, Name: kv.value, Ref: "test/" + kv.value})
		default:
			out.Values = append(out.Values, dialogs.Answer{Node: kv.name, Value: kv.answer()})
		}
	}
	p.add(Step{Outcome: out})
	return nil
}

func (kv pair) answer() dialogs.Value {
	if vi, en, ok := strings.Cut(kv.value, "|"); ok {
		return dialogs.BothOf(vi, en)
	}
	if n, err := strconv.Atoi(kv.value); err == nil && !kv.quoted {
		return dialogs.NumberOf(float64(n), "")
	}
	return dialogs.TextOf(kv.value)
}

// pushed reads “person key name=value …”.
func (p *parser) pushed(value string) error {
	person, rest, _ := strings.Cut(value, " ")
	key, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if person == "" || key == "" || strings.Contains(key, "=") {
		return fmt.Errorf("write it like: pushed: web:an offered registration=7F3K-002")
	}
	list, err := pairs(rest)
	if err != nil {
		return err
	}
	push := &Pushed{Person: person, Key: key, Values: map[string]dialogs.Text{}}
	for _, kv := range list {
		vi, en, _ := strings.Cut(kv.value, "|")
		push.Values[kv.name] = dialogs.Text{VI: vi, EN: en}
	}
	p.add(Step{Pushed: push})
	return nil
}
