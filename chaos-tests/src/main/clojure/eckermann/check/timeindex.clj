(ns eckermann.check.timeindex
  "Seeks by recorded time against the log itself: the answer is the first event recorded at or after the time. Recorded times
  rise strictly.")

(defn check
  "Seeks: {:topic :time :position}. `final` maps a topic to [position number recorded-ns] in order."
  [seeks final]
  (let [falling (for [[t es] final
                      [[p _ a] [q _ b]] (partition 2 1 es)
                      :when (<= b a)]
                  {:topic t :positions [p q] :times [a b]})
        index (into {} (map (fn [[t es]] [t (into (sorted-map) (map (fn [[p _ ns]] [ns p])) es)])) final)
        wrong (for [{:keys [topic time position]} seeks
                    :let [truth (some-> (get index topic) (subseq >= time) first val)]
                    :when (and truth (not= truth position))]
                {:topic topic :time time :answered position :should-be truth})]
    {:valid? (and (empty? falling) (empty? wrong))
     :seeks (count seeks)
     :times-fall (vec (take 8 falling))
     :wrong (vec (take 8 wrong))}))
