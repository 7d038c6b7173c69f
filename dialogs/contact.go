package dialogs

import (
	"fmt"
	"time"

	"sachhon/dialogs/wire"
)

// Contact is what is known of a person the bot talks with.
type Contact struct {
	ID        string // stable key, free of personal data
	Lang      Lang   // chosen language; "" until known
	Addresses []string
	Facts     []Fact
	Consents  []Consent
	// OptedOut is when the person refused promotion; zero: they did not.
	OptedOut time.Time
	Created  time.Time
	// Source is the code of the print run or poster that first brought them.
	Source string
}

// Fact is one thing known of a contact, by the key that questions name in
// "known": name, phone, enterprise, taxcode, position, …
type Fact struct {
	Key   string
	Value Value
}

// Consent is the evidence of one decision on one purpose. The last one for a
// purpose counts; earlier ones are kept (Law 91/2025/QH15: consent must be
// verifiable, and silence is none).
type Consent struct {
	Purpose string // class, selfcheck, tips, sharing
	Given   bool
	At      time.Time
	// Version is the hash of the words that were agreed to, both languages.
	Version uint64
	Channel string // where the person answered
	Lang    Lang   // the language they read
}

// PurposeTips is the purpose of what the centre sends of its own accord: tips
// and news. Refusing promotion withdraws it, agreeing to it allows promotion.
const PurposeTips = "tips"

// Fact returns what is known under key; the zero Value when nothing is.
func (c *Contact) Fact(key string) Value {
	for i := range c.Facts {
		if c.Facts[i].Key == key {
			return c.Facts[i].Value
		}
	}
	return Value{}
}

// Learn keeps v under key, in place of what was known; an ungiven value forgets.
func (c *Contact) Learn(key string, v Value) {
	for i := range c.Facts {
		if c.Facts[i].Key != key {
			continue
		}
		if !v.Given() {
			c.Facts = append(c.Facts[:i], c.Facts[i+1:]...)
			return
		}
		c.Facts[i].Value = v
		return
	}
	if v.Given() {
		c.Facts = append(c.Facts, Fact{key, v})
	}
}

// Agreed says whether the person's last decision on purpose was a yes to the
// words with this version; version 0 accepts any words.
func (c *Contact) Agreed(purpose string, version uint64) bool {
	for i := len(c.Consents) - 1; i >= 0; i-- {
		if k := &c.Consents[i]; k.Purpose == purpose {
			return k.Given && (version == 0 || k.Version == version)
		}
	}
	return false
}

// Speaks returns the contact's language, Vietnamese until another is known.
func (c *Contact) Speaks() Lang {
	if c.Lang == "" {
		return Vietnamese
	}
	return c.Lang
}

const contactVersion = 1

// AppendBinary appends the stored form of c to b.
func (c *Contact) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, contactVersion)
	b = wire.AppendString(b, c.ID)
	b = wire.AppendString(b, string(c.Lang))
	b = wire.AppendUint(b, uint64(len(c.Addresses)))
	for _, a := range c.Addresses {
		b = wire.AppendString(b, a)
	}
	b = wire.AppendUint(b, uint64(len(c.Facts)))
	for _, f := range c.Facts {
		b = AppendValue(wire.AppendString(b, f.Key), f.Value)
	}
	b = wire.AppendUint(b, uint64(len(c.Consents)))
	for _, k := range c.Consents {
		b = wire.AppendString(b, k.Purpose)
		b = wire.AppendBool(b, k.Given)
		b = appendTime(b, k.At)
		b = wire.AppendUint(b, k.Version)
		b = wire.AppendString(b, k.Channel)
		b = wire.AppendString(b, string(k.Lang))
	}
	b = appendTime(b, c.OptedOut)
	b = appendTime(b, c.Created)
	return wire.AppendString(b, c.Source), nil
}

// UnmarshalBinary reads what AppendBinary wrote in place of what c was. It
// reuses the room of c's slices, so that whoever walks over many contacts reads
// them all into one.
func (c *Contact) UnmarshalBinary(data []byte) error {
	r, _ := wire.NewReader(data, contactVersion)
	c.ID = r.String()
	c.Lang = Lang(r.String())
	c.Addresses = c.Addresses[:0]
	for range r.Count(1) {
		c.Addresses = append(c.Addresses, r.String())
	}
	c.Facts = room(c.Facts, r.Count(2), 2)
	for i := range c.Facts {
		c.Facts[i] = Fact{r.String(), ReadValue(r)}
	}
	c.Consents = room(c.Consents, r.Count(6), 1)
	for i := range c.Consents {
		c.Consents[i] = Consent{Purpose: r.String(), Given: r.Bool(), At: readTime(r), Version: r.Uint(),
			Channel: r.String(), Lang: Lang(r.String())}
	}
	c.OptedOut, c.Created = readTime(r), readTime(r)
	c.Source = r.String()
	if err := r.Err(); err != nil {
		return fmt.Errorf("read contact: %w", err)
	}
	return nil
}

// room returns list with n elements, and with room for some more where it had
// to be made; nil stays nil for none.
func room[T any](list []T, n, more int) []T {
	if n <= cap(list) {
		return list[:n]
	}
	return make([]T, n, n+more)
}

// appendTime keeps whole seconds; the zero time is 0.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	return wire.AppendInt(b, t.Unix())
}

func readTime(r *wire.Reader) time.Time {
	if s := r.Int(); s != 0 {
		return time.Unix(s, 0).UTC()
	}
	return time.Time{}
}
