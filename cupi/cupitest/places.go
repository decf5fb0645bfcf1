package cupitest

import "strings"

// conversationRows is where a call can go that needs no handler.
func conversationRows() [][]string {
	var all [][]string
	for _, name := range []string{"BroadcastMessageAdministrator", "GreetingsAdministrator", "SubSignIn", "SubSysTransfer",
		"SystemTransfer"} {
		all = append(all, []string{objectID(hash(name, "conversation")), name})
	}
	return all
}

// timeZones is TimeZoneId, name, minutes that are added to local time for UTC, and the same in summer time.
func timeZones() [][]string {
	return rows(4, `
0 Etc/GMT+12 720 0
1 Pacific/Pago_Pago 660 0
2 Pacific/Honolulu 600 0
3 America/Anchorage 540 -60
4 America/Los_Angeles 480 -60
10 America/Denver 420 -60
15 America/Phoenix 420 0
20 America/Chicago 360 -60
25 America/Regina 360 0
30 America/Mexico_City 360 0
35 America/New_York 300 -60
40 America/Indiana/Indianapolis 300 -60
45 America/Bogota 300 0
50 America/Halifax 240 -60
55 America/La_Paz 240 0
60 America/St_Johns 210 -60
65 America/Sao_Paulo 180 0
70 America/Argentina/Buenos_Aires 180 0
80 Atlantic/Azores 60 -60
85 Europe/London 0 -60
95 Europe/Prague -60 -60
100 Europe/Warsaw -60 -60
105 Europe/Paris -60 -60
110 Europe/Berlin -60 -60
120 Africa/Cairo -120 0
125 Europe/Helsinki -120 -60
130 Europe/Athens -120 -60
135 Asia/Jerusalem -120 -60
140 Africa/Johannesburg -120 0
145 Europe/Moscow -180 0
150 Asia/Riyadh -180 0
160 Asia/Tehran -210 0
165 Asia/Dubai -240 0
175 Asia/Kabul -270 0
185 Asia/Karachi -300 0
190 Asia/Kolkata -330 0
193 Asia/Kathmandu -345 0
195 Asia/Dhaka -360 0
205 Asia/Bangkok -420 0
210 Asia/Shanghai -480 0
215 Asia/Singapore -480 0
220 Asia/Taipei -480 0
225 Australia/Perth -480 0
230 Asia/Seoul -540 0
235 Asia/Tokyo -540 0
245 Australia/Darwin -570 0
250 Australia/Adelaide -570 -60
255 Australia/Sydney -600 -60
260 Australia/Brisbane -600 0
290 Pacific/Auckland -720 -60`)
}

// languages is the code, abbreviation and tag of each language. The last two letters of a tag are its country.
func languages() [][]string {
	return rows(3, `
1025 ARA ar-SA
1026 BGR bg-BG
1027 CAT ca-ES
1028 CHT zh-TW
1029 CSY cs-CZ
1030 DAN da-DK
1031 DEU de-DE
1032 ELL el-GR
1033 ENU en-US
1034 ESP es-ES
1035 FIN fi-FI
1036 FRA fr-FR
1037 HEB he-IL
1038 HUN hu-HU
1039 ISL is-IS
1040 ITA it-IT
1041 JPN ja-JP
1042 KOR ko-KR
1043 NLD nl-NL
1044 NOR nb-NO
1045 PLK pl-PL
1046 PTB pt-BR
1048 ROM ro-RO
1049 RUS ru-RU
1050 HRV hr-HR
1051 SKY sk-SK
1053 SVE sv-SE
1054 THA th-TH
1055 TRK tr-TR
1056 URD ur-PK
1057 IND id-ID
1058 UKR uk-UA
1060 SLV sl-SI
1061 ETI et-EE
1062 LVI lv-LV
1063 LTH lt-LT
1065 FAR fa-IR
1066 VIT vi-VN
1078 AFK af-ZA
1081 HIN hi-IN
1086 MSL ms-MY
2049 ARI ar-IQ
2052 CHS zh-CN
2055 DES de-CH
2057 ENG en-GB
2058 ESM es-MX
2060 FRB fr-BE
2064 ITS it-CH
2067 NLB nl-BE
2068 NON nn-NO
2070 PTG pt-PT
3073 ARE ar-EG
3076 ZHH zh-HK
3079 DEA de-AT
3081 ENA en-AU
3084 FRC fr-CA
4100 ZHI zh-SG
4105 ENC en-CA
4108 FRS fr-CH
5129 ENZ en-NZ
6153 ENI en-IE
7177 ENS en-ZA
9226 ESO es-CO
11274 ESS es-AR
13322 ESL es-CL
14337 ARU ar-AE
16393 ENN en-IN
18441 ENE en-SG
1047 RMC rm-CH
1052 SQI sq-AL
1059 BEL be-BY
1064 TAJ tg-TJ
1067 HYE hy-AM
1068 AZE az-AZ
1069 EUQ eu-ES
1070 HSB hsb-DE
1071 MKI mk-MK
1074 TSN tn-ZA
1076 XHO xh-ZA
1077 ZUL zu-ZA
1079 KAT ka-GE
1080 FOS fo-FO
1082 MLT mt-MT
1083 SME se-NO
1087 KKZ kk-KZ
1088 KYR ky-KG
1089 SWK sw-KE
1090 TUK tk-TM
1091 UZB uz-UZ
1092 TTT tt-RU
1093 BNG bn-IN
1094 PAN pa-IN
1095 GUJ gu-IN
1096 ORI or-IN
1097 TAM ta-IN
1098 TEL te-IN
1099 KDI kn-IN
1100 MYM ml-IN
1101 ASM as-IN
1102 MAR mr-IN
1103 SAN sa-IN
1104 MNN mn-MN
1105 BOB bo-CN
1106 CYM cy-GB
1107 KHM km-KH
1108 LAO lo-LA
1110 GLC gl-ES
1111 KNK kok-IN
1114 SYR syr-SY
1115 SIN si-LK
1118 AMH am-ET
1121 NEP ne-NP
1122 FYN fy-NL
1123 PAS ps-AF
1124 FPO fil-PH
1125 DIV dv-MV
1128 HAU ha-NG
1130 YOR yo-NG
1134 LBX lb-LU
1135 KAL kl-GL
1136 IBO ig-NG
1153 MRI mi-NZ
2074 SRL sr-CS
2077 SVF sv-FI
2110 MSB ms-BN
3082 ESN es-ES
4097 ARL ar-LY
4103 DEL de-LU
4106 ESG es-GT
5121 ARG ar-DZ
5124 ZHM zh-MO
5127 DEC de-LI
5130 ESC es-CR
5132 FRL fr-LU
6145 ARM ar-MA
6154 ESA es-PA
6156 FRM fr-MC
7169 ART ar-TN
7178 ESD es-DO
8193 ARO ar-OM
8201 ENJ en-JM
8202 ESV es-VE
9217 ARY ar-YE
10241 ARS ar-SY
10249 ENL en-BZ
10250 ESR es-PE
11265 ARJ ar-JO
11273 ENT en-TT
12289 ARB ar-LB`)
}

// rows splits a table of words.
func rows(columns int, table string) [][]string {
	var rows [][]string
	for line := range strings.Lines(strings.TrimSpace(table)) {
		row := strings.Fields(line)
		rows = append(rows, row[:columns])
	}
	return rows
}

// installedLanguages is each language that a fresh server has, for what it speaks (TUI), shows (GUI) and reads aloud (TTS).
func installedLanguages() [][]string {
	var rows [][]string
	for _, code := range []string{"1033", "1031", "1034", "1036", "2057"} {
		for _, use := range []string{"TUI", "GUI", "TTS"} {
			rows = append(rows, []string{code, objectID(hash(code, "language "+use)), use, "true", "true"})
		}
	}
	return rows
}

// configurationValues is the name, the type and the value of each setting that was recorded.
func configurationValues() [][]string {
	return rows(3, `System.API.CumiAccessSecureMessageAttachments 11 0`)
}
