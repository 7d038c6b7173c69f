package programme

// Records is what the rules read and write, inside one transaction. What was
// put is read back at once; what is handed out, maps included, is the rules' to
// change. The rules never put anything while one of the functions they handed
// over is running, so an implementation may walk its rows directly. Package
// programmetest checks an implementation.
type Records interface {
	// Class returns the class; false when there is none.
	Class(id string) (Class, bool, error)
	// PutClass keeps c in place of what was kept under its id.
	PutClass(c Class) error
	// Classes calls fn for every class by start, then id, until it returns false.
	Classes(fn func(Class) bool) error

	// Registration returns the registration; false when there is none.
	Registration(id string) (Registration, bool, error)
	// PutRegistration keeps r in place of what was kept under its id. The rules
	// never change Class, Number and Created of a registration; Contact and Phone
	// go when it is made nameless.
	PutRegistration(r Registration) error
	// ClassRegistrations calls fn for every registration of the class, in order
	// of Number, until it returns false.
	ClassRegistrations(class string, fn func(Registration) bool) error
	// ContactRegistrations calls fn for every registration of the contact, oldest
	// first, then by id, until it returns false.
	ContactRegistrations(contact string, fn func(Registration) bool) error
	// PhoneRegistrations calls fn for every registration of the class with
	// exactly this phone, in order of Number, until it returns false. It is an
	// index: a class of hundreds must not be read to find one person.
	PhoneRegistrations(class, phone string, fn func(Registration) bool) error
}
