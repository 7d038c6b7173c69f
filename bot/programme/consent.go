package programme

// The purposes that people agree to, each by itself and none by default (Law
// 91/2025/QH15 on the protection of personal data: consent is given for a
// stated purpose, and silence is none). They are the Purpose of a
// dialogs.Consent, which is the evidence.
const (
	// PurposeClass is running a class: seat, messages about it, attendance,
	// certificate, the class records.
	PurposeClass = "class"
	// PurposeSelfCheck is the self-check and an assessment that follows from it.
	PurposeSelfCheck = "selfcheck"
	// PurposeTips is tips and news: messages that nobody asked for.
	PurposeTips = "tips"
	// PurposeSharing is giving name and enterprise to a consultant.
	PurposeSharing = "sharing"
)
