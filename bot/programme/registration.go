package programme

import (
	"fmt"
	"strings"
	"time"

	"sachhon/dialogs/answer"
)

// Registration is one person's place in a class. Cancelled ones are kept. Times
// are whole seconds, UTC.
type Registration struct {
	// ID is the class's id in capitals and the number: "7F3K-021".
	ID    string `json:"id"`
	Class string `json:"class"`
	// Number counts the registrations of the class from 1, in order of arrival.
	Number int `json:"number"`
	// Contact is who registered and is written to; for a colleague that is not
	// the person who attends. Empty: entered by the staff, nobody is written to.
	Contact   string `json:"contact,omitempty"`
	Colleague bool   `json:"colleague,omitempty"` // the contact registered somebody else

	Name       string `json:"name"` // as on the certificate
	Enterprise string `json:"enterprise,omitempty"`
	// TaxCode has 10 or 13 digits; people of public authorities have none.
	TaxCode    string `json:"tax_code,omitempty"`
	Phone      string `json:"phone,omitempty"` // E.164
	Email      string `json:"email,omitempty"`
	Position   string `json:"position,omitempty"` // job title
	Department string `json:"department,omitempty"`
	Role       Role   `json:"role,omitempty"`
	Sector     string `json:"sector,omitempty"`
	Ward       string `json:"ward,omitempty"`

	Status RegistrationStatus `json:"status"`
	// HoldUntil is when an offered seat goes to the next in line; else zero.
	HoldUntil time.Time `json:"hold_until,omitzero"`
	// Lapsed is when the person last let an offer run out; zero: never.
	Lapsed time.Time `json:"lapsed,omitzero"`
	Reason Reason    `json:"reason,omitempty"`
	// Came are the sessions that the person was present at, session n as bit n-1;
	// 0 also where attendance was marked for the class as a whole.
	Came    uint64    `json:"came,omitempty"`
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`
}

// Role is the group a person attends in (đối tượng), as the programme reports
// them.
type Role string

// The roles.
const (
	RoleManager   Role = "manager"   // head of an enterprise
	RoleTechnical Role = "technical" // technical staff
	RolePublic    Role = "public"    // staff of a public authority
	RoleOther     Role = "other"
)

// RegistrationStatus is how a registration stands.
type RegistrationStatus string

// The statuses of a registration.
const (
	Seat      RegistrationStatus = "seat"
	Waiting   RegistrationStatus = "waiting"
	Offered   RegistrationStatus = "offered" // a seat is held until HoldUntil
	Cancelled RegistrationStatus = "cancelled"
	Attended  RegistrationStatus = "attended"
	Absent    RegistrationStatus = "absent"
)

// Reason says why a registration was cancelled; "" while it is not.
type Reason string

// The reasons.
const (
	ReasonAsked          Reason = "asked"    // the person, or the staff for them
	ReasonDeclined       Reason = "declined" // gave an offered seat to the next
	ReasonClassCancelled Reason = "class"
	ReasonDeleted        Reason = "deleted" // the contact left altogether
)

// EnterpriseKey names the enterprise whose seats are limited together: the
// first ten digits of the tax code, which branches share with their parent,
// else the folded name; "" when neither is known. A personal number used as tax
// code (12 digits) is never part of it.
func (r *Registration) EnterpriseKey() string {
	return enterpriseKey(r.TaxCode, r.Enterprise)
}

// SamePerson says whether both registrations are of one person: they share the
// name, and the phone or the contact. A phone alone does not make one person:
// whoever registers colleagues often gives one number for all of them. Names
// are compared without marks, since people leave them out, unless both are
// written with marks that differ and come with phones that differ: Hùng and
// Hưng of one firm are two people.
func (r *Registration) SamePerson(o Registration) bool {
	phones := r.Phone != "" && r.Phone == o.Phone
	contacts := r.Contact != "" && r.Contact == o.Contact
	if !phones && !contacts || answer.Fold(r.Name) != answer.Fold(o.Name) {
		return false
	}
	apart := !phones && r.Phone != "" && o.Phone != ""
	return !apart || answer.Same(r.Name, o.Name) || !marked(r.Name) || !marked(o.Name)
}

// Nameless returns r with nothing left of the person, for when their data is
// deleted: the place in the class stays for its numbers and its report, and so
// do enterprise, sector, ward and role. A zero at leaves Changed as it is.
func (r *Registration) Nameless(at time.Time) Registration {
	n := *r
	n.Contact, n.Name, n.Phone, n.Email, n.Position, n.Department = "", "", "", "", "", ""
	if !at.IsZero() {
		n.Changed = second(at)
	}
	return n
}

// holdsSeat says whether r counts against the seats of its class.
func (r *Registration) holdsSeat() bool { return r.Status != Waiting && r.Status != Cancelled }

// marked says whether s is written with Vietnamese marks.
func marked(s string) bool { return !answer.Same(s, answer.Fold(s)) }

// registrationID is the id of the registration with this number.
func registrationID(class string, number int) string {
	return fmt.Sprintf("%s-%03d", strings.ToUpper(class), number)
}
