package programme

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// recount sets what the rules count in a class from all its registrations.
func (c *Class) recount(all []Registration) {
	c.Taken, c.Offered, c.Waiting, c.Lapsed, c.HeldBy = 0, 0, 0, 0, nil
	for i := range all {
		c.count(&all[i], +1)
		c.Numbered = max(c.Numbered, all[i].Number)
	}
}

// Audit checks a class against all its registrations: the counts, the limits,
// the ids, and that nobody is in it twice. The error lists everything that is
// wrong by registration id, without personal data.
func Audit(c Class, all []Registration) error {
	return errors.Join(auditCounts(&c, all), auditIDs(&c, all), auditPeople(&c, all))
}

func auditCounts(c *Class, all []Registration) error {
	var errs []error
	want := *c
	want.recount(all)
	wrong := func(what string, is, should int) {
		if is != should {
			errs = append(errs, fmt.Errorf("class %s: %s is %d, counted %d", c.ID, what, is, should))
		}
	}
	wrong("taken", c.Taken, want.Taken)
	wrong("offered", c.Offered, want.Offered)
	wrong("waiting", c.Waiting, want.Waiting)
	wrong("lapsed", c.Lapsed, want.Lapsed)
	wrong("numbered", c.Numbered, want.Numbered)
	if !maps.Equal(c.HeldBy, want.HeldBy) {
		errs = append(errs, fmt.Errorf("class %s: seats by enterprise are not those counted", c.ID))
	}
	if want.Left() < 0 {
		errs = append(errs, fmt.Errorf("class %s: %d seats taken and %d offered of %d", c.ID, want.Taken, want.Offered, c.Seats))
	}
	for _, held := range want.HeldBy {
		if c.PerEnterprise > 0 && held > c.PerEnterprise {
			errs = append(errs, fmt.Errorf("class %s: an enterprise holds %d seats of at most %d", c.ID, held, c.PerEnterprise))
		}
	}
	return errors.Join(errs...)
}

func auditIDs(c *Class, all []Registration) error {
	var errs []error
	seen := make(map[int]bool, len(all))
	for i := range all {
		r := &all[i]
		if r.Class != c.ID || r.ID != registrationID(c.ID, r.Number) || seen[r.Number] {
			errs = append(errs, fmt.Errorf("registration %s: not number %d of class %s, or not the only one", r.ID, r.Number, c.ID))
		}
		seen[r.Number] = true
		if (r.Status == Offered) == r.HoldUntil.IsZero() {
			errs = append(errs, fmt.Errorf("registration %s: status %s with a hold until %v", r.ID, r.Status, r.HoldUntil))
		}
		if (r.Status == Cancelled) == (r.Reason == "") {
			errs = append(errs, fmt.Errorf("registration %s: status %s with the reason %q", r.ID, r.Status, r.Reason))
		}
	}
	return errors.Join(errs...)
}

// auditPeople compares only those who share a phone or a contact.
func auditPeople(c *Class, all []Registration) error {
	var errs []error
	groups := map[string][]Registration{}
	for i := range all {
		r := &all[i]
		if r.Status == Cancelled {
			continue
		}
		for _, key := range []string{"phone " + r.Phone, "contact " + r.Contact} {
			if i := slices.IndexFunc(groups[key], r.SamePerson); i >= 0 {
				errs = append(errs, fmt.Errorf("class %s: %s and %s are one person", c.ID, groups[key][i].ID, r.ID))
				break
			}
			groups[key] = append(groups[key], *r)
		}
	}
	return errors.Join(errs...)
}
