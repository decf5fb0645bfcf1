package trace

import (
	"strings"
	"sync"
)

// standard reports whether a value is one that every server has, such as the name of a
// greeting, of a built-in template, or what a field may be.
func standard(value string) bool {
	_, is := standardValues[strings.ToLower(value)]
	return is
}

// standardValues are such values, in small letters.
var standardValues = setOf("\n", `
standard
off hours
alternate
busy
error
internal
holiday
closed
phtransfer
phgreeting
phinterview
ad
subsignin
systemtransfer
subsystransfer
broadcastmessageadministrator
greetingsadministrator
greetingadministrator
submenu
submenu_alternate_custom
submenu_alternate_custom1
submenu_alternate_custom2
submenu_alternate_custom3
submenu_alternate_custom4
submenu_alternate_custom5
submenu_alternate_custom6
submenu_alternaten
submenu_alternates
submenu_alternatex
submenu_alternatei
submenuopt1
*
#
none
allmessage
allurgentmessage
newvoicemail
newurgentvoicemail
newfax
newurgentfax
dispatchmessage
urgentdispatchmessage
calendarappointment
calendarmeeting
gui
tui
tts
basic
enhanced
enhanced+
utc
gmt
voicemailusertemplate
administratortemplate
systemcontacttemplate
undeliverablemessagesmailbox
undeliverablemessages
allvoicemailusers
allvoicemailenabledcontacts
operator
unityconnection
replication
undeliverable messages
opening greeting
goodbye
all hours
weekdays
holidays
voice recognition update schedule
home phone
work phone
mobile phone
pager
pager 1
smtp
html
mwi-1
system administrator
user administrator
help desk administrator
technician
audit administrator
system call handler template
system directory handler
phonesystem
voice mail user cos
system
vmrest
lichsubscribersmax
licsubscribersmax
licsrsvcucesubscribersmax
liccontactsmax
licsttsubscribersmax
licsttprosubscribersmax
licrealspeaksessionsmax
incompliance
init
eval
evaluation
authorized
registered
`)

// plainWords are the words of which sentences keep those that they have: of English, of errors
// and of web pages. No name of a person or a place is among them.
var plainWords = sync.OnceValue(func() map[string]struct{} {
	return setOf(" ", strings.Join(strings.Fields(`
compliance compliant incompliance outofcompliance eval evaluation expired unregistered registered registration init
overage licensed unlicensed a able about above absent accept accepted access accessible account action actions active
add added address addresses administrator after again against alias aliases all allow allowed already also alternate
always an and another any api apache application applications are argument arguments array as ask at attempt attempts
attribute attributes audio auth authentication authenticate authorization authorized available away back bad badly
base64 basic be because been before begin begins below between bits body boolean both bound broken browser busy but by
bytes cache call called callhandler caller calls can cannot certificate change changed character characters charset
check class client close closed cluster code codes column columns complete condition conflict connect connected
connection connections constraint contact contacts contain contained contains content context control cookie cookies
could count create created credential credentials cup cupi cut data database date day days deadline decode default
define defined delete deleted denied description detail details device devices dial dialed did different digit digits
directory disabled disallowed disk distribution do document documentation does doesn domain doctype done down
duplicate duplicated during each either element elements else email empty en enabled encoding end ended ends entity
entries entry eof equal error errordetails errors escape exceed exceeded exceeds exception exceptions exist existing
exists expected expire expired expires extension extensions fail failed failure false fax field fields file files
filter find first for forbidden foreign form format found from full function gateway get given go gone greeting
greetings group handler handlers handshake has hash have head header headers here high host hour hours how html http
https i id identical identifier if ignored illegal import in inactive incorrect index input inside instance integer
internal into invalid io is isn issued it item items its java jsessionid jsessionidsso json key keypad keys known
language last later ldap least left length less letter letters level license licenses limit limits line link list
lists location lock locked log login long longer look lookup lost lower mailbox mailboxes maintenance malformed
manager many map match matches max maximum may media member members message messages method min minimum minute minutes
missing mode month more most moved must name named names network never new next no node non none not nothing null
number numbers object objectid objects of off ok on once one only open operation option optional or order org other
out outside over overflow owner page pages parameter parameters parse parsed parser part partition partitions password
passwords path pattern pending per period permanently permission permitted phone pin pins plain please policy port
possible pre present previous primary private problem procedure process processed processing properties property
protocol provide provided proxy public put query queue quota quoted range read reached reading ready reason received
record recording recordings redirect refer reference referenced references refused rejected release reload remain
remote remove removed repeat replicated replication report request request_token_key requested requests require
required requires reset resource resources response rest result results retry role roles root row rows rule rules
runtime same schedule schema scope script search second seconds section secure security see send sent server servers
service services session set sets setting settings short should size smtp so some sort source space spaces specific
specified sql stack start state status stop store straight string strong style subscriber subscribers such supported
switch syntax system table target tcp technical telephone template templates temporary text than that the their them
then there these they this through time timed timeout times title tls to token tomcat too tool total transaction
transfer trivial true try type u unable unauthorized unavailable undefined undeliverable unexpected unique universal
unknown unprocessable unsupported until up update updated uri url us use used user users using utf v valid validation
value values version vmrest voice voicemail w3c wait was wav wave web week were what when where whether which while
who whole why will with within without word words work working would write wrong x xhtml xml xmlns year yes you your
zero zone abort aborted answer answered answers began begun canceled cancelled certificates dns dtd eoferror h1 h2 h3
h4 hr br p b div span pre table tr td th meta link nbsp lt gt amp quot lookup lookups peer pipe refuses resolve
resolved signed verify x509 expected begins malicious first_name last_name not_found data_exception invalid_parameter
object_not_found unique_constraint credit audit busy throttled throttling overloaded retryable capacity maximum
`), " "))
})

// usualNames are the fields and the collections that messages are about most, in small letters.
func usualNames() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`
		ObjectId Alias DisplayName FirstName LastName DtmfAccessId PartitionObjectId CosObjectId LocationObjectId
		MediaSwitchObjectId TemplateAlias templateAlias pkid EmailAddress SmtpAddress SmtpDomain EmployeeId BillingId
		PostalCode Country TimeZone Language ListInDirectory Inactive LdapType LdapCcmUserId Credentials
		CredMustChange HackCount Locked IdIndex Extension UsePrimaryExtension TransferType TransferRings
		TransferNumber Action Enabled TimeExpires PlayWhat EventList PhoneNumber CallHandlerObjectId UserObjectId
		SubscriberObjectId ScheduleSetObjectId RoleObjectId ExternalServiceObjectId MailboxStoreObjectId
		MessageAgingPolicyObjectId ReceiveQuota SendQuota WarningQuota VoiceName MwiExtension MemberUserObjectId
		ConversationTui DialablePhoneNumber telephoneNumber ldapCcmUserId featureName users usertemplates coses roles
		authenticationrules credentialpolicies partitions searchspaces phonesystems schedulesets schedules
		mailboxstores timezones installedlanguages languagemap messageagingpolicies notificationtemplates
		postgreetingrecordings externalservices connectionlocations distributionlists callhandlers
		callhandlertemplates restrictiontables alternateextensions smtpproxyaddresses alternatenames mwis phonedevices
		pagerdevices smtpdevices htmldevices messagehandlers userroles privatelists privatelistmembers`) {
		names[strings.ToLower(name)] = true
	}
	return names
}

func setOf(separator, words string) map[string]struct{} {
	set := map[string]struct{}{}
	for word := range strings.SplitSeq(words, separator) {
		if word != "" {
			set[word] = struct{}{}
		}
	}
	return set
}
