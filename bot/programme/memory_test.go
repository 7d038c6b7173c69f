package programme_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"sachhon/bot/programme"
	"sachhon/bot/programme/programmetest"
)

// memory keeps records in maps. It is strict: writing during a walk fails.
type memory struct {
	classes       map[string]programme.Class
	registrations map[string]programme.Registration
	walking       int
	walked        int // registrations handed out by walks
}

func newMemory() *memory {
	return &memory{classes: map[string]programme.Class{}, registrations: map[string]programme.Registration{}}
}

func TestMemoryKeepsRecords(t *testing.T) {
	programmetest.Records(t, func(_ *testing.T, fn func(programme.Records)) { fn(newMemory()) })
}

func (m *memory) Class(id string) (programme.Class, bool, error) {
	c, ok := m.classes[id]
	return cloneClass(c), ok, nil
}

func (m *memory) PutClass(c programme.Class) error {
	m.still()
	m.classes[c.ID] = cloneClass(c)
	return nil
}

// cloneClass keeps what is stored apart from what is handed out.
func cloneClass(c programme.Class) programme.Class {
	c.Sessions, c.HeldBy = slices.Clone(c.Sessions), maps.Clone(c.HeldBy)
	return c
}

func (m *memory) Classes(fn func(programme.Class) bool) error {
	all := slices.SortedFunc(maps.Values(m.classes), func(a, b programme.Class) int {
		return cmp.Or(a.Starts().Compare(b.Starts()), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range all {
		if !fn(cloneClass(c)) {
			break
		}
	}
	return nil
}

func (m *memory) Registration(id string) (programme.Registration, bool, error) {
	r, ok := m.registrations[id]
	return r, ok, nil
}

func (m *memory) PutRegistration(r programme.Registration) error {
	m.still()
	m.registrations[r.ID] = r
	return nil
}

func (m *memory) ClassRegistrations(class string, fn func(programme.Registration) bool) error {
	return m.walk(byNumber, func(r programme.Registration) bool { return r.Class == class }, fn)
}

func (m *memory) ContactRegistrations(contact string, fn func(programme.Registration) bool) error {
	oldest := func(a, b programme.Registration) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	}
	return m.walk(oldest, func(r programme.Registration) bool { return contact != "" && r.Contact == contact }, fn)
}

func (m *memory) PhoneRegistrations(class, phone string, fn func(programme.Registration) bool) error {
	return m.walk(byNumber, func(r programme.Registration) bool {
		return phone != "" && r.Class == class && r.Phone == phone
	}, fn)
}

func byNumber(a, b programme.Registration) int { return cmp.Compare(a.Number, b.Number) }

func (m *memory) walk(order func(a, b programme.Registration) int, which, fn func(programme.Registration) bool) error {
	m.walking++
	defer func() { m.walking-- }()
	var all []programme.Registration
	for _, r := range m.registrations {
		if which(r) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, order)
	for _, r := range all {
		m.walked++
		if !fn(r) {
			break
		}
	}
	return nil
}

func (m *memory) still() {
	if m.walking > 0 {
		panic("written during a walk")
	}
}

// all returns every registration of a class.
func (m *memory) all(class string) (out []programme.Registration) {
	m.ClassRegistrations(class, func(r programme.Registration) bool { //nolint:errcheck // never fails
		out = append(out, r)
		return true
	})
	return out
}
